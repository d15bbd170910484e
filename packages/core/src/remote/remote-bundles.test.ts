import { Buffer } from "node:buffer";
import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { InvalidArgumentError, ModelRunError, ServiceUnavailableError } from "../errors/index.js";
import { NdArray } from "../ndarray/index.js";
import { begin, bundlesOf, call, callsOf, clientThatKnows, done, echo, frames, isBundle, serverOf, together, value, valuesOf } from "./bundle-server.testing.js";
import { FakeServer, type Answer, type SeenRequest } from "./fake-server.testing.js";
import { clientOf, errorOf, plain, reply, spec } from "./remote-calls.testing.js";

describe("calls of one turn", () => {
  test("travel in one request once an answer has said that they may, and each gets its own reply", async () => {
    await using server = await FakeServer.start(echo);
    const client = clientOf(server.url);
    expect(await Promise.all([call(client, "a"), call(client, "b")])).toEqual(["done", "done"]);
    expect(bundlesOf(server)).toEqual([]);
    expect(await Promise.all(["c", "d", "e"].map((argument) => call(client, argument)))).toEqual(["c", "d", "e"]);
    expect(server.seen).toHaveLength(3);
    const [bundle] = bundlesOf(server) as [SeenRequest];
    expect(bundle).toMatchObject({ url: "/predict", headers: { "bento-calls": "3", "bento-wire-version": "1", "runner-name": "digits" } });
    expect(valuesOf(bundle)).toEqual(["c", "d", "e"]);
  });

  test("so they do after a probe has said it, and not when nobody says it", async () => {
    await using knowing = await FakeServer.start(echo);
    const client = await clientThatKnows(knowing);
    await Promise.all([call(client, 1), call(client, 2)]);
    expect(bundlesOf(knowing)).toHaveLength(1);
    await using old = await FakeServer.start(reply(value('"done"')));
    const other = await clientThatKnows(old);
    for (let round = 0; round < 2; round++) await Promise.all([call(other, 1), call(other, 2)]);
    expect(bundlesOf(old)).toEqual([]);
    expect(old.seen).toHaveLength(5);
  });

  test("each has its own time, priority, id and trace", async () => {
    await using server = await FakeServer.start(echo);
    const client = await clientThatKnows(server);
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await Promise.all([call(client, 1, { timeoutMs: 5_000, requestId: "r-1", priority: "high" }), call(client, 2, { traceContext: { traceparent, tracestate: "vendor=1" }, requestId: "zwei Wörter" })]);
    const [first, second] = callsOf(server.seen[1] as SeenRequest).map((read) => ("marks" in read ? read.marks : undefined));
    expect(first).toMatchObject({ requestId: "r-1", priority: "high", traceparent: undefined });
    expect(first?.timeoutMs).toBeGreaterThan(4_000);
    expect(first?.timeoutMs).toBeLessThanOrEqual(5_000);
    expect(second).toMatchObject({ traceparent, tracestate: "vendor=1", requestId: undefined, priority: undefined });
    expect(second?.timeoutMs).toBeGreaterThan(800_000);
  });

  test("have their arguments as they were when each was made, and results that own their memory", async () => {
    const result = { container: "NdArrayContainer", meta: { dtype: "float32", shape: [1] }, batchSize: 1, buffers: [new Uint8Array(Float32Array.of(7).buffer)] };
    await using server = await serverOf((response) => {
      begin(response);
      response.end(frames([0, { kind: "value", payload: result }], [1, { kind: "outputs", payloads: [plain("1"), result] }]));
    });
    const client = await clientThatKnows(server);
    const x = new NdArray("float32", [2], Float32Array.of(1, 2));
    const answers = Promise.all([call(client, x), call(client, x)]);
    x.data.fill(9);
    const [one, [first, second]] = (await answers) as [NdArray<"float32">, [number, NdArray]];
    const sent = callsOf(server.seen[1] as SeenRequest).map((read) => ("call" in read ? [...new Float32Array(new Uint8Array(read.call.args[0]?.buffers[0] ?? []).buffer)] : []));
    expect(sent).toEqual([[1, 2], [1, 2]]);
    expect([one.toNested(), one.data.buffer.byteLength, first, second.toNested()]).toEqual([[7], 4, 1, [7]]);
  });

  test("a call alone goes as it would to any server", async () => {
    await using knowing = await FakeServer.start(done);
    await using old = await FakeServer.start(reply(value('"done"')));
    const sent = await Promise.all(
      [knowing, old].map(async (server) => {
        await call(await clientThatKnows(server), NdArray.from([[1, 2]]), { requestId: "r-1" });
        const { url, body, headers } = server.seen[1] as SeenRequest;
        const { host, "bento-timeout-ms": time, ...others } = headers;
        return { url, body, others, hasBoth: host !== undefined && time !== undefined };
      }),
    );
    expect(sent[0]).toEqual(sent[1]);
  });

  test("those of another method, of a method without batches, and large ones travel apart", async () => {
    await using server = await FakeServer.start(echo);
    const client = await clientThatKnows(server);
    const large = "x".repeat(65_537);
    const other = { ...spec, name: "other" };
    await Promise.all([call(client, 1), call(client, 2), call(client, 3, {}, other), call(client, 4, {}, other), call(client, large), ...[5, 6].map((argument) => call(client, argument, {}, { ...spec, name: "plain", batchable: false }))]);
    expect(bundlesOf(server).map((request) => [request.url, valuesOf(request)])).toEqual([
      ["/predict", [1, 2]],
      ["/other", [3, 4]],
    ]);
    expect(server.seen).toHaveLength(1 + 2 + 3);
  });

  test("no more in a request than the server says, and never more than 128", async () => {
    await using three = await FakeServer.start((response, request, count) => (isBundle(request) ? echo(response, request, count) : reply(value("0"), 200, { "Bento-Max-Calls": "3" })(response, request, count)));
    const client = await clientThatKnows(three);
    await Promise.all([1, 2, 3, 4, 5, 6, 7].map((argument) => call(client, argument)));
    expect(bundlesOf(three).map((request) => valuesOf(request).length)).toEqual([3, 3]);
    await using boundless = await FakeServer.start((response, request, count) => (isBundle(request) ? echo(response, request, count) : reply(value("0"), 200, { "Bento-Max-Calls": "999999999" })(response, request, count)));
    const other = await clientThatKnows(boundless);
    await Promise.all(Array.from({ length: 130 }, (_, argument) => call(other, argument)));
    expect(bundlesOf(boundless).map((request) => valuesOf(request).length)).toEqual([128, 2]);
  });

  test("calls that wait for a connection are counted, and travel together when there is one", async () => {
    const held: (() => void)[] = [];
    await using server = await serverOf((response, request, count) => held.push(() => echo(response, request, count)));
    const client = await clientThatKnows(server, { maxConnections: 1 });
    const first = Promise.all([call(client, 1), call(client, 2)]);
    await expect.poll(() => held.length).toBe(1);
    const rest: Promise<unknown>[] = [];
    for (const argument of [3, 4, 5]) {
      rest.push(call(client, argument));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(client.stats()).toMatchObject({ queuedCalls: 3, queuedItems: 3 });
    held[0]?.();
    expect(await first).toEqual([1, 2]);
    await expect.poll(() => held.length).toBe(2);
    held[1]?.();
    expect(await Promise.all(rest)).toEqual([3, 4, 5]);
    expect(bundlesOf(server).map(valuesOf)).toEqual([[1, 2], [3, 4, 5]]);
  });
});

describe("what goes wrong", () => {
  test("an error is its own call's, with its class, code and time, and 503 says when to come back", async () => {
    await using server = await serverOf((response) => {
      begin(response);
      response.write(frames([2, value('"fine"')]));
      response.end(frames([0, { kind: "error", error: new ModelRunError("the engine said no", { code: "ENGINE" }) }], [1, { kind: "error", error: new ServiceUnavailableError("full", { retryAfterMs: 250 }) }]));
    });
    const client = await clientThatKnows(server);
    const [failed, refused, fine] = [errorOf(call(client, 1)), errorOf(call(client, 2)), call(client, 3)];
    expect(await failed).toMatchObject({ name: "ModelRunError", code: "ENGINE", message: "the engine said no" });
    expect(await refused).toMatchObject({ name: "ServiceUnavailableError", retryAfterMs: 250 });
    expect(await fine).toBe("fine");
  });

  test("a refusal of the request is that of each call, an error of its own each", async () => {
    await using server = await serverOf(reply({ kind: "error", error: new ServiceUnavailableError("closing", { code: "SERVER_CLOSING" }) }, 503, { ...together, "Retry-After": "2" }));
    const client = await clientThatKnows(server);
    const [one, two] = await Promise.all([errorOf(call(client, 1)), errorOf(call(client, 2))]);
    expect([one, two].map(({ code, retryAfterMs }) => [code, retryAfterMs])).toEqual([["SERVER_CLOSING", 2_000], ["SERVER_CLOSING", 2_000]]);
    expect(one).not.toBe(two);
  });

  test.each<[string, Answer]>([
    ["a server of an older release, which knows no bundles", reply({ kind: "error", error: new InvalidArgumentError("no Args-Number") }, 400)],
    ["a server to which they are too long together", reply({ kind: "error", error: new InvalidArgumentError("too long") }, 413, together)],
  ])("calls that %s refuses go out one by one", async (_what, refusal) => {
    await using server = await serverOf(refusal);
    const client = await clientThatKnows(server);
    expect(await Promise.all([call(client, 1), call(client, 2)])).toEqual(["done", "done"]);
    expect(server.seen.map(isBundle)).toEqual([false, true, false, false]);
  });

  test("any other 400 is the calls' own", async () => {
    await using server = await serverOf(reply({ kind: "error", error: new InvalidArgumentError("wrong") }, 400, together));
    const client = await clientThatKnows(server);
    expect((await Promise.all([errorOf(call(client, 1)), errorOf(call(client, 2))])).map(({ message }) => message)).toEqual(["wrong", "wrong"]);
    expect(bundlesOf(server)).toHaveLength(1);
  });

  test.each<[string, (response: ServerResponse) => void, RegExp]>([
    ["answers a call that was not made", (response) => response.end(frames([0, value("0")], [2, value("2")])), /it answers call 2, which was not made/],
    ["answers one twice", (response) => response.end(frames([0, value("0")], [0, value("1")])), /call 0, which it has answered before/],
    ["leaves one out", (response) => response.end(frames([0, value("0")])), /ends without a reply to this call/],
    ["is garbage after the first", (response) => response.end(Buffer.concat([frames([0, value("0")]), Buffer.alloc(64, 7)])), /cannot be used/],
    ["stops in the middle of one", (response) => response.end(frames([0, value("0")], [1, value("1")]).subarray(0, -1)), /ends without a reply/],
  ])("an answer that %s is the server's fault; what was answered stays answered", async (_what, answer, message) => {
    await using server = await serverOf((response) => {
      begin(response);
      answer(response);
    });
    const client = await clientThatKnows(server);
    const [first, second] = [call(client, 1), errorOf(call(client, 2))];
    expect(await first).toBe(0);
    expect(await second).toMatchObject({ code: "BAD_RUNNER_REPLY", httpStatus: 502, message: expect.stringMatching(message) });
    expect(await call(client, 3)).toBe("done");
  });

  test("one value for several calls is nobody's", async () => {
    await using server = await serverOf(reply(value("1"), 200, together));
    const client = await clientThatKnows(server);
    expect((await Promise.all([errorOf(call(client, 1)), errorOf(call(client, 2))])).map(({ code }) => code)).toEqual(["BAD_RUNNER_REPLY", "BAD_RUNNER_REPLY"]);
  });

  test("a connection that breaks before the answer: idempotent calls go out once more, one by one; others do not", async () => {
    await using server = await serverOf((response) => response.destroy());
    const client = await clientThatKnows(server);
    expect(await Promise.all([call(client, 1), call(client, 2)])).toEqual(["done", "done"]);
    expect(server.seen.map(isBundle)).toEqual([false, true, false, false]);
    const once = { ...spec, idempotent: false };
    const errors = await Promise.all([errorOf(call(client, 3, {}, once)), errorOf(call(client, 4, {}, once))]);
    expect(errors.map(({ code }) => code)).toEqual(["RUNNER_CONNECTION_LOST", "RUNNER_CONNECTION_LOST"]);
    expect(bundlesOf(server)).toHaveLength(2);
  });

  test("one that breaks in the middle: what was answered stays answered, the others are told", async () => {
    await using server = await serverOf((response) => {
      begin(response);
      response.write(frames([1, value('"early"')]), () => response.destroy());
    });
    const client = await clientThatKnows(server);
    const [lost, early] = [errorOf(call(client, 1)), call(client, 2)];
    expect(await early).toBe("early");
    expect(await lost).toMatchObject({ code: "RUNNER_CONNECTION_LOST" });
    expect(bundlesOf(server)).toHaveLength(1);
  });
});
