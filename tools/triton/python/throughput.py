"""Requests a second, and microseconds of processor time for each, of Python's asynchronous client: URL SECONDS CONCURRENCY."""
import asyncio
import json
import sys
import time

import numpy
import tritonclient.http.aio as client


async def main(url, seconds, concurrency):
    data = numpy.zeros((1, 16), dtype=numpy.float32)
    answered = 0

    async def loop(server, end):
        nonlocal answered
        while time.perf_counter() < end:
            tensor = client.InferInput("INPUT0", [1, 16], "FP32")
            tensor.set_data_from_numpy(data)
            (await server.infer("identity_fp32", [tensor])).as_numpy("OUTPUT0")
            answered += 1

    async with client.InferenceServerClient(url, conn_limit=concurrency) as server:
        await loop(server, time.perf_counter() + 0.5)
        answered = 0
        begun, processor = time.perf_counter(), time.process_time()
        await asyncio.gather(*(loop(server, begun + seconds) for _ in range(concurrency)))
        elapsed, used = time.perf_counter() - begun, time.process_time() - processor
    print(json.dumps({"perSecond": answered / elapsed, "microsEach": used / answered * 1e6}))


asyncio.run(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])))
