import { describe, expect, test } from "vitest";
import { BentoMLError, DeadlineExceededError, InvalidArgumentError, ModelRunError, ServiceUnavailableError, StateError } from "../errors/index.js";
import { Params, kwargs } from "../containers/index.js";
import { decodeCall } from "../frames/index.js";
import type { MethodSpec } from "../handles/index.js";
import { NdArray } from "../ndarray/index.js";
import { FakeServer, type Answer } from "./fake-server.testing.js";
import { call, clientOf, done, errorOf, plain, reply, spec } from "./remote-calls.testing.js";

const once: MethodSpec = { ...spec, idempotent: false };

describe("a request", () => {
  test("has the method's path, the arguments, and the headers of the protocol", async () => {
    await using server = await FakeServer.start(done);
    const x = NdArray.from([[1, 2]]);
    await call(server, { args: [x, kwargs({ t: 0.5 })], options: { timeoutMs: 5_000, requestId: "r-1" }, remote: { token: "secret" } });
    const [{ url, headers, body } = { url: "", headers: {}, body: Buffer.alloc(0) }] = server.seen;
    expect(url).toBe("/predict");
    expect(headers).toMatchObject({ "bento-wire-version": "1", "runner-name": "digits", "x-request-id": "r-1", authorization: "Bearer secret", "args-number": "2" });
    expect(Number(headers["bento-timeout-ms"])).toBeGreaterThan(4_000);
    expect(Number(headers["bento-timeout-ms"])).toBeLessThanOrEqual(5_000);
    expect(decodeCall(headers, body).entries().map(([key, { container }]) => [key, container])).toEqual([
      [0, "NdArrayContainer"],
      ["t", "DefaultContainer"],
    ]);
  });

  test("names are encoded, a prefix comes first, and an id that no header can carry stays here", async () => {
    await using server = await FakeServer.start(done);
    const remote = clientOf(`${server.url}/runners/`);
    await remote.runMethod({ ...spec, name: "frage/ü" }, Params.of("x"), { requestId: "zwei Wörter" });
    expect(server.seen[0]?.url).toBe("/runners/frage%2F%C3%BC");
    expect(server.seen[0]?.headers["x-request-id"]).toBeUndefined();
  });

  test("carries the priority and the trace of its call; what is no trace is left out", async () => {
    await using server = await FakeServer.start(done);
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await call(server, { options: { priority: "high", traceContext: { traceparent, tracestate: "vendor=1" } } });
    await call(server, { options: { traceContext: { traceparent: "my trace" } } });
    expect(server.seen[0]?.headers).toMatchObject({ "bento-priority": "high", traceparent, tracestate: "vendor=1" });
    expect(Object.keys(server.seen[1]?.headers ?? {})).not.toEqual(expect.arrayContaining(["traceparent"]));
  });

  test("has the arguments as they were when the call was made", async () => {
    await using server = await FakeServer.start(done);
    const x = new NdArray("float32", [2], Float32Array.of(1, 2));
    const answer = call(server, { args: [x] });
    x.data.fill(9);
    await answer;
    expect([...new Float32Array(new Uint8Array(server.seen[0]?.body ?? []).buffer)]).toEqual([1, 2]);
  });

  test("arguments that cannot be sent, or that differ in their rows, are refused before it", async () => {
    await using server = await FakeServer.start(done);
    await expect(call(server, { args: [() => 1] })).rejects.toThrow(InvalidArgumentError);
    await expect(call(server, { args: [NdArray.from([1, 2]), NdArray.from([1])] })).rejects.toThrow(InvalidArgumentError);
    expect(server.seen).toEqual([]);
  });
});

describe("an answer", () => {
  test("of one value, which owns its memory", async () => {
    const bytes = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
    await using server = await FakeServer.start(reply({ kind: "value", payload: { container: "NdArrayContainer", meta: { dtype: "float32", shape: [3] }, batchSize: 3, buffers: [bytes] } }));
    const result = (await call(server)) as NdArray<"float32">;
    expect(result.toNested()).toEqual([1, 2, 3]);
    expect(result.data.buffer.byteLength).toBe(result.data.byteLength);
  });

  test("of several outputs", async () => {
    await using server = await FakeServer.start(reply({ kind: "outputs", payloads: [plain("1"), plain('"two"')] }));
    expect(await call(server)).toEqual([1, "two"]);
  });

  test("is the runner's error, with its class, code and message as they are", async () => {
    await using server = await FakeServer.start(reply({ kind: "error", error: new ModelRunError("the engine said no", { code: "ENGINE" }) }, 500));
    const error = await errorOf(call(server));
    expect(error).toBeInstanceOf(ModelRunError);
    expect([error.message, error.code, error.httpStatus]).toEqual(["the engine said no", "ENGINE", 500]);
  });

  test("is a BentoMLError with its code for a class of an adapter, and an Error of its name for one that is not ours", async () => {
    class TritonError extends BentoMLError {}
    await using ours = await FakeServer.start(reply({ kind: "error", error: new TritonError("no such model", { code: "TRITON", httpStatus: 404 }) }, 404));
    const error = await errorOf(call(ours));
    expect([error.constructor, error.code, error.httpStatus]).toEqual([BentoMLError, "TRITON", 404]);
    await using other = await FakeServer.start(reply({ kind: "error", error: new RangeError("too far") }, 500));
    expect(await errorOf(call(other))).toMatchObject({ name: "RangeError", message: "too far" });
  });

  test("503 is a ServiceUnavailableError that says when to come back, from the frame or from Retry-After", async () => {
    await using frame = await FakeServer.start(reply({ kind: "error", error: new ServiceUnavailableError("queue full", { retryAfterMs: 250 }) }, 503, { "Retry-After": "1" }));
    expect(await errorOf(call(frame))).toMatchObject({ name: "ServiceUnavailableError", message: "queue full", code: "SERVICE_BUSY", retryAfterMs: 250 });
    await using header = await FakeServer.start(reply({ kind: "error", error: new BentoMLError("closing", { code: "SERVER_CLOSING", httpStatus: 503 }) }, 503, { "Retry-After": "2" }));
    expect(await errorOf(call(header))).toMatchObject({ name: "ServiceUnavailableError", code: "SERVER_CLOSING", retryAfterMs: 2_000 });
  });

  test("of another wire version is refused, with both versions", async () => {
    await using server = await FakeServer.start(reply({ kind: "value", payload: plain("1") }, 200, { "Bento-Wire-Version": "2" }));
    const error = await errorOf(call(server));
    expect([error.code, error.message]).toEqual(["WIRE_VERSION", expect.stringMatching(/version 2, .* only version 1/)]);
  });

  test("that a proxy made says its status and the beginning of its text", async () => {
    const html = `<html>${"bad gateway ".repeat(100)}`;
    await using server = await FakeServer.start((response) => response.writeHead(502, { "Content-Type": "text/html" }).end(html));
    const error = await errorOf(call(server));
    expect([error.code, error.httpStatus]).toEqual(["NO_RUNNER_REPLY", 502]);
    expect(error.message).toContain(`status 502, text/html: ${html.slice(0, 200)}…`);
    expect(error.message.length).toBeLessThan(400);
    await using busy = await FakeServer.start((response) => response.writeHead(503, { "Retry-After": "7" }).end("no upstream"));
    expect(await errorOf(call(busy))).toMatchObject({ name: "ServiceUnavailableError", retryAfterMs: 7_000, message: expect.stringContaining("no upstream") });
  });

  test.each<[string, Answer]>([
    ["garbage", (response) => response.writeHead(200, { "Content-Type": "application/vnd.bentoml.frame" }).end("garbage, and more of it")],
    ["a payload that its container cannot read", reply({ kind: "value", payload: { container: "NdArrayContainer", meta: { dtype: "float32", shape: [5] }, batchSize: 5, buffers: [new Uint8Array(4)] } })],
    ["a stream where a value should be", (response) => response.writeHead(200, { "Content-Type": "application/vnd.bentoml.stream_outputs" }).end()],
  ])("that is %s is the server's fault, not the caller's", async (_what, answer) => {
    await using server = await FakeServer.start(answer);
    expect(await errorOf(call(server))).toMatchObject({ code: "BAD_RUNNER_REPLY", httpStatus: 502 });
  });

  test("of a container that is not here names it, and the cure", async () => {
    await using server = await FakeServer.start(reply({ kind: "value", payload: { ...plain("1"), container: "FrameOfNobody" } }));
    expect(await errorOf(call(server))).toMatchObject({ code: "CONTAINER_NOT_FOUND", message: expect.stringContaining("FrameOfNobody") });
  });

  test("that breaks off is told, and the call is not run again", async () => {
    await using server = await FakeServer.start((response) => {
      response.writeHead(200, { "Content-Type": "application/vnd.bentoml.frame", "Content-Length": "1000" });
      response.write("BMLF", () => response.destroy());
    });
    expect(await errorOf(call(server))).toMatchObject({ code: "RUNNER_CONNECTION_LOST" });
    expect(server.seen).toHaveLength(1);
  });
});

describe("a connection", () => {
  test("that nobody accepts is tried again, then told with the url and the cure", async () => {
    const gone = await FakeServer.start(done);
    const { url } = gone;
    await gone[Symbol.asyncDispose]();
    const error = await errorOf(clientOf(url, { retries: 1 }).runMethod(spec, Params.of("x"), {}));
    expect(error).toBeInstanceOf(ServiceUnavailableError);
    expect([error.code, error.retryAfterMs, error.message]).toEqual(["RUNNER_UNREACHABLE", 1_000, expect.stringContaining(url)]);
    expect(error.message).toContain("ECONNREFUSED");
  });

  test("to a socket that is not there says so", async () => {
    const error = await errorOf(clientOf("unix:/nowhere/digits.sock", { retries: 0 }).runMethod(spec, Params.of("x"), {}));
    expect([error.code, error.message]).toEqual(["RUNNER_UNREACHABLE", expect.stringMatching(/unix:\/nowhere\/digits\.sock: connect ENOENT/)]);
  });

  test("that breaks before the answer: an idempotent call is sent once more, another is not", async () => {
    const breaking: Answer = (response, request, count) => (count === 1 ? response.destroy() : done(response, request, count));
    await using server = await FakeServer.start(breaking);
    expect(await call(server)).toBe("done");
    expect(server.seen).toHaveLength(2);
    await using other = await FakeServer.start(breaking);
    expect(await errorOf(call(other, { method: once }))).toMatchObject({ code: "RUNNER_CONNECTION_LOST", httpStatus: 502 });
    expect(other.seen).toHaveLength(1);
  });

  test("a call that breaks every connection is not sent for ever", async () => {
    await using server = await FakeServer.start((response) => response.destroy());
    expect(await errorOf(call(server))).toMatchObject({ code: "RUNNER_CONNECTION_LOST" });
    expect(server.seen).toHaveLength(2);
  });

  test("is kept for the calls that follow", async () => {
    await using server = await FakeServer.start(done);
    const remote = clientOf(server.url);
    for (let round = 0; round < 20; round++) await remote.runMethod(spec, Params.of("x"), {});
    // A call that comes in the very turn of an answer may find its connection not yet free.
    expect(server.sockets.length).toBeLessThanOrEqual(2);
  });

  test("there are no more than maxConnections; the rest of the calls waits and is counted", async () => {
    const held: (() => void)[] = [];
    await using server = await FakeServer.start((response, request, count) => held.push(() => done(response, request, count)));
    const remote = clientOf(server.url, { maxConnections: 2 });
    const answers = Array.from({ length: 5 }, () => remote.runMethod(spec, Params.of(NdArray.from([1, 2, 3])), {}));
    await expect.poll(() => held.length).toBe(2);
    expect(remote.stats()).toMatchObject({ queuedCalls: 3, queuedItems: 9 });
    for (let round = 0; round < 5; round++) {
      await expect.poll(() => held.length).toBeGreaterThan(round);
      held[round]?.();
    }
    expect(await Promise.all(answers)).toEqual(Array(5).fill("done"));
    expect(server.sockets).toHaveLength(2);
    expect(remote.stats()).toMatchObject({ queuedCalls: 0, queuedItems: 0 });
  });
});

describe("giving up", () => {
  const silent: Answer = () => undefined;

  test("an abort rejects with its reason at once and closes the connection", async () => {
    await using server = await FakeServer.start(silent);
    const controller = new AbortController();
    const answer = errorOf(call(server, { options: { signal: controller.signal } }));
    await expect.poll(() => server.seen.length).toBe(1);
    const reason = new Error("not wanted");
    controller.abort(reason);
    expect(await answer).toBe(reason);
    await expect.poll(() => server.sockets[0]?.destroyed).toBe(true);
  });

  test("a signal that was aborted before rejects without a request", async () => {
    await using server = await FakeServer.start(silent);
    const reason = new Error("too late");
    expect(await errorOf(call(server, { options: { signal: AbortSignal.abort(reason) } }))).toBe(reason);
    expect(server.seen).toEqual([]);
  });

  test("a call that waits for a connection is given up as well, and its place is free", async () => {
    await using server = await FakeServer.start(silent);
    const remote = clientOf(server.url, { maxConnections: 1 });
    const first = new AbortController();
    const begun = errorOf(remote.runMethod(spec, Params.of("x"), { signal: first.signal }));
    await expect.poll(() => server.seen.length).toBe(1);
    const second = new AbortController();
    const waiting = errorOf(remote.runMethod(spec, Params.of("x"), { signal: second.signal }));
    second.abort(new Error("second"));
    expect((await waiting).message).toBe("second");
    expect(remote.stats().queuedCalls).toBe(0);
    first.abort(new Error("first"));
    expect((await begun).message).toBe("first");
    const late = errorOf(remote.runMethod(spec, Params.of("x"), { timeoutMs: 20 }));
    await expect.poll(() => server.seen.length).toBe(2);
    expect(await late).toBeInstanceOf(DeadlineExceededError);
  });

  test("the time limit of a call, or that of the client, ends it while connections are tried", async () => {
    const error = await errorOf(clientOf("unix:/nowhere/digits.sock", { retries: 1_000, timeoutMs: 30 }).runMethod(spec, Params.of("x"), {}));
    expect([error.code, error.message]).toEqual(["DEADLINE_EXCEEDED", expect.stringContaining("unix:/nowhere/digits.sock")]);
  });

  test("close waits for what is under way, then cuts it off; calls after it are refused", async () => {
    const held: (() => void)[] = [];
    await using server = await FakeServer.start((response, request, count) => held.push(() => done(response, request, count)));
    const remote = clientOf(server.url);
    const answered = remote.runMethod(spec, Params.of("x"), {});
    await expect.poll(() => held.length).toBe(1);
    const closing = remote.close(60_000);
    await expect(remote.runMethod(spec, Params.of("x"), {})).rejects.toThrow(StateError);
    held[0]?.();
    expect(await answered).toBe("done");
    await closing;
    const cut = clientOf(server.url);
    const late = errorOf(cut.runMethod(spec, Params.of("x"), {}));
    await expect.poll(() => held.length).toBe(2);
    await cut.close(0);
    expect(await late).toMatchObject({ name: "ServiceUnavailableError", message: expect.stringContaining("graceMs") });
    expect(await cut.isReady(100)).toBe(false);
  });
});

describe("readiness", () => {
  test.each<[string, Answer, boolean]>([
    ["200 of a runner server", (response) => response.writeHead(200, { "Bento-Wire-Version": "1" }).end("\n"), true],
    ["200 of another version", (response) => response.writeHead(200, { "Bento-Wire-Version": "2" }).end("\n"), false],
    ["200 of something else", (response) => response.end("hello"), false],
    ["503", (response) => response.writeHead(503, { "Bento-Wire-Version": "1" }).end(), false],
    ["no answer", () => undefined, false],
    ["a broken connection", (response) => response.destroy(), false],
  ])("%s", async (what, answer, isReady) => {
    await using server = await FakeServer.start(answer);
    // Only a server that does not answer is waited for to the end; long enough for the question to arrive on a busy machine.
    expect(await clientOf(server.url).isReady(what === "no answer" ? 2_000 : 10_000)).toBe(isReady);
    expect(server.seen[0]?.url).toBe("/readyz");
  });

  test("nobody there is not ready, and no error", async () => {
    expect(await clientOf("unix:/nowhere/digits.sock").isReady(10_000)).toBe(false);
  });
});
