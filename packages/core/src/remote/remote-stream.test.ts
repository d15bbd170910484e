import { describe, expect, test } from "vitest";
import { BentoMLError, DeadlineExceededError } from "../errors/index.js";
import { Params } from "../containers/index.js";
import { encodeStreamFrame, type Frame } from "../frames/index.js";
import type { CallOptions, MethodSpec } from "../handles/index.js";
import { FakeServer, type Answer } from "./fake-server.testing.js";
import { clientOf, done, errorOf, plain, reply, spec } from "./remote-calls.testing.js";

const streamSpec: MethodSpec = { ...spec, name: "chat", batchable: false, stream: true };

describe("a stream", () => {
  const frames = (...all: readonly Frame[]): Buffer => Buffer.concat(all.flatMap((frame) => encodeStreamFrame(frame)));
  const item = (json: string): Frame => ({ kind: "payloads", payloads: new Params([plain(json)]) });
  const head = { "Content-Type": "application/vnd.bentoml.stream_outputs", "Bento-Wire-Version": "1" };

  function stream(server: FakeServer, options: CallOptions = {}): AsyncGenerator<unknown, void, undefined> {
    return clientOf(server.url).streamMethod(streamSpec, Params.of("x"), options);
  }

  async function all(items: AsyncIterable<unknown>): Promise<unknown[]> {
    const list: unknown[] = [];
    for await (const one of items) list.push(one);
    return list;
  }

  test("begins with the first next(), and gives the items in order", async () => {
    await using server = await FakeServer.start((response) => response.writeHead(200, head).end(frames(item("1"), item("2"), { kind: "end" })));
    const items = stream(server);
    expect(server.seen).toEqual([]);
    expect(await all(items)).toEqual([1, 2]);
    await expect(items.next()).resolves.toEqual({ done: true, value: undefined });
  });

  test("an error in the middle comes after the items before it", async () => {
    await using server = await FakeServer.start((response) => response.writeHead(200, head).end(frames(item("1"), { kind: "error", error: new RangeError("no item 1") })));
    const items = stream(server);
    expect((await items.next()).value).toBe(1);
    expect(await errorOf(items.next())).toMatchObject({ name: "RangeError", message: "no item 1" });
    expect((await items.next()).done).toBe(true);
  });

  test.each<[string, Answer, string]>([
    ["stops without its end", (response) => response.writeHead(200, head).end(frames(item("1"))), "BAD_RUNNER_REPLY"],
    ["is garbage", (response) => response.writeHead(200, head).end("x".repeat(100)), "BAD_RUNNER_REPLY"],
    ["is a single value", done, "BAD_RUNNER_REPLY"],
    ["is refused", reply({ kind: "error", error: new BentoMLError("no such method", { code: "METHOD_NOT_FOUND", httpStatus: 404 }) }, 404), "METHOD_NOT_FOUND"],
    ["comes from a proxy", (response) => response.writeHead(504).end("gateway"), "NO_RUNNER_REPLY"],
  ])("that %s is an error", async (_what, answer, code) => {
    await using server = await FakeServer.start(answer);
    expect(await errorOf(all(stream(server)))).toMatchObject({ code });
  });

  test("that is cut off is an error, after its items", async () => {
    await using server = await FakeServer.start((response) => response.writeHead(200, head).write(frames(item("1")), () => response.destroy()));
    const items = stream(server);
    expect((await items.next()).value).toBe(1);
    expect(await errorOf(items.next())).toMatchObject({ code: "RUNNER_CONNECTION_LOST" });
  });

  test("leaving the loop closes its connection", async () => {
    await using server = await FakeServer.start((response) => response.writeHead(200, head).write(frames(item("1"))));
    for await (const one of stream(server)) {
      expect(one).toBe(1);
      break;
    }
    await expect.poll(() => server.sockets[0]?.destroyed).toBe(true);
  });

  test("an abort and a time limit reject the item that is waited for", async () => {
    await using server = await FakeServer.start((response) => response.writeHead(200, head).write(frames(item("1"))));
    const controller = new AbortController();
    const items = stream(server, { signal: controller.signal });
    await items.next();
    const next = errorOf(items.next());
    controller.abort(new Error("enough"));
    expect((await next).message).toBe("enough");
    expect(await errorOf(all(stream(server, { timeoutMs: 50 })))).toBeInstanceOf(DeadlineExceededError);
  });

  test("a slow reader holds the sender back", async () => {
    let written = 0;
    let blocked = false;
    const large: Frame = { kind: "payloads", payloads: new Params([{ ...plain("1"), container: "NdArrayContainer", meta: { dtype: "uint8", shape: [1 << 20] }, buffers: [new Uint8Array(1 << 20)] }]) };
    await using server = await FakeServer.start((response) => {
      response.writeHead(200, head);
      const more = (): void => {
        while (written < 200) {
          written++;
          if (!response.write(frames(large))) {
            blocked = true;
            response.once("drain", more);
            return;
          }
        }
        response.end(frames({ kind: "end" }));
      };
      more();
    });
    const items = stream(server);
    await items.next();
    await expect.poll(() => blocked).toBe(true);
    // As long as anything moves, a count that stands still is not the last word.
    for (let before = -1; before !== written; ) {
      before = written;
      for (let turn = 0; turn < 500; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(written).toBeLessThan(100);
    let read = 1;
    for await (const _one of items) read++;
    expect(read).toBe(200);
  });
});
