import { randomUUID } from "node:crypto";
import { DataContainerBase, isBentoMLError, registerContainer, type BentoMLError, type Payload, type Reply } from "bentoml-core";
import { describe, expect, test } from "vitest";
import { bundleOf, repliesOf, textOf, type CallToSend } from "../testing/bundle-requests.js";
import { openSocket, readUntil, send } from "../testing/http-client.js";
import { callOf, errorOf, oneRow, plain } from "../testing/runner-requests.js";
import { SampleServer, runnerOfOneItem } from "../testing/sample-runner.js";

const echoes = (count: number): CallToSend[] => Array.from({ length: count }, (_, index): CallToSend => [plain(String(index))]);
const errorIn = (reply: Reply | undefined): BentoMLError => (reply?.kind === "error" ? (reply.error as BentoMLError) : expect.unreachable("it is no error"));
const totals = async (server: SampleServer, endpoint: string): Promise<string[]> => {
  const { text } = await send(server.port, { path: "/metrics" });
  return [...text.matchAll(new RegExp(`request_total\\{endpoint="${endpoint}".*http_response_code="(\\d+)"\\} (\\d+)`, "g"))].map(([, code, count]) => `${code ?? ""}: ${count ?? ""}`).sort();
};

describe("a request with several calls", () => {
  test("answers each, and every answer of the server says that it takes them", async () => {
    await using server = await SampleServer.start();
    const answer = await send(server.port, bundleOf("/echo", echoes(5)));
    expect([...repliesOf(answer)].map(([place, reply]) => [place, textOf(reply)])).toEqual([0, 1, 2, 3, 4].map((place) => [place, String(place)]));
    expect(answer.headers).toMatchObject({ "content-length": String(answer.bytes.length), "bento-max-calls": "128", "bento-wire-version": "1", server: "BentoML-Runner/sample/echo" });
    for (const path of ["/readyz", "/nowhere"]) expect((await send(server.port, { path })).headers["bento-max-calls"]).toBe("128");
    await using small = await SampleServer.start({ maxBodyBytes: 1 << 20 });
    expect((await send(small.port, { path: "/readyz" })).headers["bento-max-calls"]).toBeUndefined();
  });

  test("tensors, several outputs and values come back as those of single calls do", async () => {
    await using server = await SampleServer.start();
    const doubled = repliesOf(await send(server.port, bundleOf("/double", [[oneRow], [oneRow]])));
    for (const reply of doubled.values()) expect(reply).toMatchObject({ kind: "value", payload: { container: "NdArrayContainer", meta: { dtype: "float32", shape: [1, 2] }, batchSize: 1 } });
    expect(repliesOf(await send(server.port, bundleOf("/both", [[oneRow]]))).get(0)).toMatchObject({ kind: "outputs", payloads: [{ batchSize: 1 }, { batchSize: 1 }] });
  });

  test("each call has its own time, and id, which is that of the request where it has none", async () => {
    await using server = await SampleServer.start({ callTimeoutMs: 5_000 });
    const before = Date.now();
    await send(server.port, bundleOf("/context", [[plain("1"), { timeoutMs: 1_000, requestId: "r-1" }]]));
    expect(server.events.requestIds).toEqual(["r-1"]);
    expect(server.events.deadline).toBeGreaterThanOrEqual(before + 900);
    expect(server.events.deadline).toBeLessThan(Date.now() + 1_000 * (1 + 1 / 16) + 1);
    await send(server.port, bundleOf("/context", [[plain("1"), { requestId: "no id of a header" }]], { "X-Request-Id": "of-all" }));
    expect(server.events.requestIds).toEqual(["of-all"]);
    expect(server.events.deadline).toBeLessThanOrEqual(Date.now() + 5_000);
  });

  test("an error is its own call's, and is told to the log once", async () => {
    const told: unknown[] = [];
    await using server = await SampleServer.start({ onUnexpectedError: (error, { requestId }) => told.push([(error as Error).message, requestId]) });
    const replies = repliesOf(await send(server.port, bundleOf("/fail", [[plain('{"name":"RangeError","message":"one"}'), { requestId: "r-1" }], [plain('{"name":"TypeError","message":"two"}')]])));
    expect([replies.get(0), replies.get(1)].map((reply) => [errorIn(reply).name, textOf(reply)])).toEqual([["RangeError", "one"], ["TypeError", "two"]]);
    expect(told).toEqual([["one", "r-1"], ["two", "-"]]);
    expect(await totals(server, "/fail")).toEqual(["500: 2"]);
  });

  test("a call that cannot be read, or asks for what there is not, is an error among answers", async () => {
    await using server = await SampleServer.start();
    const odd: CallToSend[] = [[{ ...plain("x"), container: "FrameOfNobody" }], [plain("{{")], [plain("1"), { priority: "urgent" }], [plain("1"), { timeoutMs: -1 }]];
    const replies = repliesOf(await send(server.port, bundleOf("/echo", [[plain("0")], ...odd, [plain("5")]])));
    expect([textOf(replies.get(0)), textOf(replies.get(5))]).toEqual(["0", "5"]);
    expect([1, 2, 3, 4].map((place) => errorIn(replies.get(place)).httpStatus)).toEqual([404, 400, 400, 400]);
    expect(await totals(server, "/echo")).toEqual(["200: 2", "400: 3", "404: 1"]);
  });

  test("replies come as they are ready", async () => {
    await using server = await SampleServer.start();
    const { headers, body } = bundleOf("/wait", [[plain("1")], [plain("{{")]]);
    const socket = await openSocket(server.port);
    socket.write(`POST /wait HTTP/1.1\r\nHost: x\r\n${Object.entries({ ...headers, "Content-Length": String(body.length) }).map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
    socket.write(body);
    expect(await readUntil(socket, (text) => text.includes("BMLF"))).toMatch(/Transfer-Encoding: chunked[^]*\u0001\0{3}\{"error"/);
    expect(server.events.begun).toBe(1);
    socket.destroy();
    await expect.poll(() => server.events.aborted).toBe(1);
    await expect.poll(async () => totals(server, "/wait")).toEqual(["400: 1", "499: 1"]);
  });
});

describe("limits", () => {
  test("calls are counted, not requests: beyond maxConcurrency they are 429, in their place", async () => {
    await using server = await SampleServer.start({ maxConcurrency: 3 });
    const replies = repliesOf(await send(server.port, bundleOf("/echo", echoes(5))));
    expect([0, 1, 2].map((place) => textOf(replies.get(place)))).toEqual(["0", "1", "2"]);
    expect([3, 4].map((place) => errorIn(replies.get(place)).code)).toEqual(["TOO_MANY_REQUESTS", "TOO_MANY_REQUESTS"]);
    expect(await totals(server, "/echo")).toEqual(["200: 3", "429: 2"]);
    expect((await send(server.port, bundleOf("/echo", echoes(3)))).status).toBe(200);
    const { text } = await send(server.port, { path: "/metrics" });
    expect(text).toMatch(/request_in_progress\{endpoint="\/echo".*\} 0/);
  });

  test("a call that takes too long is 504, and its neighbour is answered before", async () => {
    await using server = await SampleServer.start({ callTimeoutMs: 200 });
    const replies = repliesOf(await send(server.port, bundleOf("/wait", [[plain("1")], [plain("{{")]])));
    expect([errorIn(replies.get(0)).httpStatus, errorIn(replies.get(1)).httpStatus, [...replies.keys()]]).toEqual([504, 400, [1, 0]]);
    expect(server.events.aborted).toBe(1);
  });

  const hostile: [string, Parameters<typeof bundleOf>[2], (body: Buffer) => Buffer, number, RegExp][] = [
    ["no number of calls", { "Bento-Calls": "" }, (body) => body, 400, /Bento-Calls must be the number of calls/],
    ["a thousand million calls", { "Bento-Calls": "1000000000" }, (body) => body, 400, /1 to 128, not "1000000000"/],
    ["one too many", { "Bento-Calls": "129" }, (body) => body, 400, /1 to 128/],
    ["less than none", { "Bento-Calls": "-1" }, (body) => body, 400, /1 to 128/],
    ["more than there are", { "Bento-Calls": "3" }, (body) => body, 400, /says that it has 3 calls, but 2 are there/],
    ["fewer than there are", { "Bento-Calls": "1" }, (body) => body, 400, /bytes come after the 1 calls/],
    ["a length that lies", {}, (body) => lying(body, 1 << 20), 400, /call 0 is longer than the body/],
    ["a length beyond the body's limit", {}, (body) => lying(body, 0xfffffff8), 400, /is the most/],
    ["garbage", {}, () => Buffer.alloc(64, 7), 400, /is the most/],
    ["no body", {}, () => Buffer.alloc(0), 400, /0 are there/],
    ["no name", { "Bento-Bundle": "" }, (body) => body, 400, /Bento-Bundle must be a name that nobody can guess/],
    ["a name that can be guessed", { "Bento-Bundle": "1" }, (body) => body, 400, /16 to 64/],
    ["another wire version", { "Bento-Wire-Version": "9" }, (body) => body, 400, /wire version "9"/],
    ["a compressed body", { "Content-Encoding": "gzip" }, (body) => body, 415, /Content-Encoding/],
  ];
  test.each(hostile)("%s: the whole is refused, and says why", async (_what, headers, change, status, message) => {
    await using server = await SampleServer.start();
    const request = bundleOf("/echo", echoes(2), headers);
    const answer = await send(server.port, { ...request, body: change(request.body) });
    expect([answer.status, errorOf(answer).message]).toEqual([status, expect.stringMatching(message)]);
    expect(isBentoMLError(errorOf(answer))).toBe(true);
    expect((await send(server.port, bundleOf("/echo", echoes(2)))).status).toBe(200);
  });

  test("a method that streams takes its calls alone", async () => {
    await using server = await SampleServer.start();
    expect(errorOf(await send(server.port, bundleOf("/count", [[plain("1")], [plain("2")]]))).message).toContain('method "count" answers with a stream');
  });

  test("a body that is too long is 413, and every call of it is counted", async () => {
    await using server = await SampleServer.start({ maxBodyBytes: 64 });
    expect((await send(server.port, bundleOf("/echo", echoes(3)))).status).toBe(413);
    expect(await totals(server, "/echo")).toEqual(["413: 3"]);
  });

  test("a token is asked for", async () => {
    await using server = await SampleServer.start({ token: "s3cret" });
    expect((await send(server.port, bundleOf("/echo", echoes(2)))).status).toBe(401);
    expect((await send(server.port, bundleOf("/echo", echoes(2), { Authorization: "Bearer s3cret" }))).status).toBe(200);
  });
});

function lying(body: Buffer, length: number): Buffer {
  const changed = Buffer.from(body);
  changed.writeUInt32LE(length, 0);
  return changed;
}

describe("giving up", () => {
  const cancel = (server: SampleServer, text: string, headers: Readonly<Record<string, string>> = {}): ReturnType<typeof send> => send(server.port, { path: "/wait", method: "POST", headers: { "Bento-Cancel": text, ...headers } });

  test("one call of a request: its method hears it, it is counted as gone, and the answer ends without it", async () => {
    await using server = await SampleServer.start();
    const name = randomUUID();
    const answer = send(server.port, bundleOf("/wait", [[plain("1"), { timeoutMs: 60_000 }], [plain("{{")], [plain("1"), { timeoutMs: 60_000 }]], { "Bento-Bundle": name }));
    await expect.poll(() => server.events.begun).toBe(2);
    expect((await cancel(server, `${name}:0`)).status).toBe(200);
    await expect.poll(() => server.events.aborted).toBe(1);
    expect((await cancel(server, `${name}:2.1.99`)).status).toBe(200);
    expect([...repliesOf(await answer).keys()]).toEqual([1]);
    expect(server.events.aborted).toBe(2);
    expect(await totals(server, "/wait")).toEqual(["400: 1", "499: 2"]);
    // What has ended, or was never there, is no harm, and is not counted.
    expect((await cancel(server, `${name}:0,${randomUUID()}:5`)).status).toBe(200);
    expect(await totals(server, ".cancellation.")).toEqual([]);
  });

  test("a name cannot be taken by another request while the first is answered", async () => {
    await using server = await SampleServer.start();
    const name = randomUUID();
    const answer = send(server.port, bundleOf("/wait", [[plain("1")], [plain("1")]], { "Bento-Bundle": name }));
    await expect.poll(() => server.events.begun).toBe(2);
    expect(errorOf(await send(server.port, bundleOf("/echo", echoes(2), { "Bento-Bundle": name }))).message).toContain("another request of this name");
    await cancel(server, `${name}:0.1`);
    expect(repliesOf(await answer).size).toBe(0);
    expect((await send(server.port, bundleOf("/echo", echoes(2), { "Bento-Bundle": name }))).status).toBe(200);
  });

  test("a call whose arguments have not come yet is never run", async () => {
    await using server = await SampleServer.start();
    const { headers, body } = bundleOf("/wait", [[plain("1")], [plain("{{")]]);
    const socket = await openSocket(server.port);
    socket.write(`POST /wait HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${Object.entries({ ...headers, "Content-Length": String(body.length) }).map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
    socket.write(body.subarray(0, -1));
    await expect.poll(async () => (await send(server.port, { path: "/metrics" })).text).toMatch(/request_in_progress\{endpoint="\/wait".*\} 1/);
    await cancel(server, `${headers["Bento-Bundle"] ?? ""}:0`);
    socket.write(body.subarray(-1));
    expect(await readUntil(socket, (text) => text.includes("BMLF"))).toMatch(/\u0001\0{3}\{"error"/);
    expect(server.events.begun).toBe(0);
  });

  test("needs the token, a text that can be read, and no body", async () => {
    await using server = await SampleServer.start({ token: "s3cret" });
    expect((await cancel(server, `${randomUUID()}:0`)).status).toBe(401);
    const answer = await cancel(server, "all of them", { Authorization: "Bearer s3cret" });
    expect([answer.status, errorOf(answer).message]).toEqual([400, expect.stringContaining("Bento-Cancel")]);
    const long = await cancel(server, Array.from({ length: 16 }, () => `${randomUUID()}:${Array.from({ length: 128 }, (_, place) => place).join(".")}`).join(","), { Authorization: "Bearer s3cret" });
    expect(long.status).toBe(200);
  });

  test("the calls of our own client: the method of the aborted one hears it, the others go on", async () => {
    await using server = await SampleServer.start();
    const client = await server.client();
    const controllers = [new AbortController(), new AbortController()];
    await client.runnerHandleIsReady();
    const answers = controllers.map(({ signal }) => client.waitInBatches.with({ signal })([1]).catch((error: unknown) => error));
    await expect.poll(() => server.events.begun).toBe(2);
    controllers[0]?.abort(new Error("enough"));
    expect(await answers[0]).toMatchObject({ message: "enough" });
    await expect.poll(() => server.events.aborted).toBe(1);
    controllers[1]?.abort(new Error("enough"));
    await answers[1];
    await expect.poll(() => server.events.aborted).toBe(2);
    expect((await send(server.port, callOf("/double", oneRow))).status).toBe(200);
  });
});

test("while the server closes, accepted calls finish, each by itself", async () => {
  await using server = await SampleServer.start();
  const client = await server.client();
  await client.runnerHandleIsReady();
  const controllers = [new AbortController(), new AbortController()];
  const accepted = controllers.map(({ signal }) => client.waitInBatches.with({ signal, timeoutMs: 400 })([1]).catch((error: unknown) => error));
  await expect.poll(() => server.events.begun).toBe(2);
  const closed = server.server.close({ graceMs: 60_000 });
  controllers[0]?.abort(new Error("enough"));
  expect(await accepted[0]).toMatchObject({ message: "enough" });
  expect(await accepted[1]).toMatchObject({ httpStatus: 504 });
  await closed;
  expect(server.events.aborted).toBe(2);
});

test("a value that cannot be put into a frame is its own call's 500", async () => {
  registerContainer(Odd, Odd, new OddContainer());
  const told: unknown[] = [];
  await using sample = await SampleServer.start();
  const { name, maxBatchSize, config } = sample.runner.echo;
  const odd = (value: unknown): unknown => (value === 1 ? new Odd() : value);
  const runner = { ...runnerOfOneItem(sample), name: "odd", methods: { echo: { name, maxBatchSize, config, with: () => (value: unknown) => Promise.resolve(odd(value)) } } };
  await using server = await SampleServer.start({ runner, onUnexpectedError: (error) => told.push((error as Error).message) });
  const replies = repliesOf(await send(server.port, bundleOf("/echo", echoes(3))));
  expect([...replies].sort(([left], [right]) => left - right).map(([place, reply]) => [place, reply.kind])).toEqual([[0, "value"], [1, "error"], [2, "value"]]);
  expect([textOf(replies.get(1)), told]).toEqual([expect.stringContaining("BigInt"), [expect.stringContaining("BigInt")]]);
});

class Odd {
  readonly isOdd = true;
}

/** Its meta is nothing that JSON can say. */
class OddContainer extends DataContainerBase<Odd, Odd> {
  readonly name = "OddContainer";

  getBatchSize(): number {
    return 1;
  }

  batchesToBatch(): never {
    throw new Error("not joined");
  }

  batchToBatches(): never {
    throw new Error("not split");
  }

  toPayload(): Payload {
    return { container: this.name, meta: { big: 1n as never }, batchSize: 1, buffers: [] };
  }

  fromPayload(): Odd {
    return new Odd();
  }
}
