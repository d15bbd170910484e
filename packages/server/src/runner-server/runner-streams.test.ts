import { describe, expect, test } from "vitest";
import { openSocket, send } from "../testing/http-client.js";
import { callOf, plain } from "../testing/runner-requests.js";
import { SampleServer, runnerOfOneItem } from "../testing/sample-runner.js";

describe("streams and clients that leave", () => {
  test("an error before the first item has its status, one after it comes in the stream", async () => {
    await using server = await SampleServer.start();
    expect((await send(server.port, callOf("/broken", plain("0")))).status).toBe(500);
    expect((await send(server.port, callOf("/broken", plain("2")))).status).toBe(200);
    const client = await server.client();
    const items: number[] = [];
    const read = async (): Promise<void> => {
      for await (const item of client.broken.stream(2)) items.push(item);
    };
    await expect(read()).rejects.toMatchObject({ name: "RangeError", message: "no item 2" });
    expect(items).toEqual([0, 1]);
  });

  test("a client that goes aborts its call", async () => {
    await using server = await SampleServer.start();
    const { headers, body } = callOf("/wait", plain("1"));
    const socket = await openSocket(server.port);
    const lines = Object.entries({ ...headers, "Content-Length": (body as Buffer).length }).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`POST /wait HTTP/1.1\r\nHost: x\r\n${lines.join("")}\r\n`);
    socket.write(body);
    await expect.poll(() => server.events.begun).toBe(1);
    socket.destroy();
    await expect.poll(() => server.events.aborted).toBe(1);
    expect((await send(server.port, { path: "/metrics" })).text).toMatch(/request_total\{endpoint="\/wait".*http_response_code="499"\} 1/);
  });

  test("an abort of the caller reaches the method", async () => {
    await using server = await SampleServer.start();
    const client = await server.client();
    const controller = new AbortController();
    const answer = client.wait.with({ signal: controller.signal })(1).catch((error: unknown) => error);
    await expect.poll(() => server.events.begun).toBe(1);
    const reason = new Error("not wanted any more");
    controller.abort(reason);
    expect(await answer).toBe(reason);
    await expect.poll(() => server.events.aborted).toBe(1);
  });

  test("leaving a stream ends its generator; one that nobody reads stands still", async () => {
    await using server = await SampleServer.start();
    const client = await server.client();
    const items = client.endless.stream(1 << 20);
    await items.next();
    // Neither side goes on while nothing moves.
    for (let before = -1; before !== server.events.made; ) {
      before = server.events.made;
      for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(server.events.made).toBeLessThan(100);
    await items.return();
    await expect.poll(() => server.events.ended).toBe(1);
  });

  test("a generator that hears no signal is ended as well", async () => {
    await using sample = new SampleServer();
    let ended = 0;
    async function* deaf(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(1 << 20);
      } finally {
        ended++;
      }
    }
    const { name, maxBatchSize, config } = sample.runner.endless;
    const runner = { ...runnerOfOneItem(sample), name: "deaf", methods: { endless: { name, maxBatchSize, config, with: () => ({ stream: deaf }) } } };
    await using server = await SampleServer.start({ runner });
    const client = await server.client();
    for await (const _item of client.endless.stream(1)) break;
    await expect.poll(() => ended).toBe(1);
  });
});
