"""Uses a server of the models `identity_<datatype>` by KServe's own Python client, and fails when an answer is not what it should be.

    check.py <url>
"""

import asyncio
import sys

import httpx
import numpy as np
from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
from kserve.protocol.infer_type import RequestedOutput

(url,) = sys.argv[1:]

values = {
    "BOOL": np.array([True, False]),
    "UINT8": np.array([0, 255], np.uint8),
    "UINT16": np.array([0, 65535], np.uint16),
    "UINT32": np.array([0, 2**32 - 1], np.uint32),
    "UINT64": np.array([0, 2**64 - 1], np.uint64),
    "INT8": np.array([-128, 127], np.int8),
    "INT16": np.array([-32768, 32767], np.int16),
    "INT32": np.array([-(2**31), 2**31 - 1], np.int32),
    "INT64": np.array([-(2**63), 2**53 + 1], np.int64),
    "FP16": np.array([0.5, -65504], np.float16),
    "FP32": np.array([0.1, -3.4e38], np.float32),
    "FP64": np.array([0.1, -1.7e308], np.float64),
    "BYTES": np.array([b"text", "é☃".encode()], np.object_),
}
binary_only = {"FP16"}


async def infer(client, datatype, value, binary):
    x = InferInput(name="x", shape=list(value.shape), datatype=datatype)
    x.set_data_from_numpy(value, binary_data=binary)
    outputs = [RequestedOutput(name="y", parameters={"binary_data": binary})]
    request = InferRequest(model_name=f"identity_{datatype}", infer_inputs=[x], request_id="a-request", request_outputs=outputs)
    answer = await client.infer(url, request, model_name=f"identity_{datatype}")
    assert answer.id == "a-request", answer.id
    return answer.outputs[0].as_numpy()


def plain(value):
    return [item.encode() if isinstance(item, str) else item for item in value.tolist()]


async def main():
    client = InferenceRESTClient(RESTConfig(protocol="v2", retries=0))
    assert await client.is_server_live(url)
    assert await client.is_server_ready(url)
    assert await client.is_model_ready(url, "identity_FP32")
    forms = 0
    for datatype, value in values.items():
        for binary in (True,) if datatype in binary_only else (True, False):
            got = await infer(client, datatype, value, binary)
            assert plain(got) == plain(value), f"{datatype}, binary {binary}: {value} came back as {got}"
            forms += 1
    try:
        x = InferInput(name="x", shape=[1], datatype="FP32", data=[1.0])
        await client.infer(url, InferRequest(model_name="identity_INT32", infer_inputs=[x]), model_name="identity_INT32")
    except httpx.HTTPStatusError as error:
        assert error.response.status_code == 400, error.response.status_code
    else:
        raise AssertionError("a wrong datatype was not refused")
    print(f"health, {len(values)} datatypes in {forms} forms, refusal: as expected")


asyncio.run(main())
