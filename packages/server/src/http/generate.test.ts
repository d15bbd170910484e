import { setTimeout as wait } from "node:timers/promises";
import { InvalidArgumentError, NdArray, type CallOptions, type NamedTensors, type TensorSpec } from "bentoml-core";
import { describe, expect, test } from "vitest";
import type { ServedModel } from "../served-model.js";
import { fakeModel } from "../testing/fake-runner.js";
import { openSocket, readToEnd, readUntil, send, type TestResponse } from "../testing/http-client.js";
import { doubling, serve, waiting, type TestServer } from "../testing/served-fixtures.js";

type Answer = (inputs: NamedTensors, options: CallOptions) => AsyncGenerator<unknown>;

const text: TensorSpec = { name: "text_input", dtype: "string", shape: [1] };
const count: TensorSpec = { name: "max_tokens", dtype: "int32", shape: [1] };
const output: TensorSpec = { name: "text_output", dtype: "string", shape: [1] };

/** A model whose method is a stream. */
function streaming(answer: Answer, inputs: readonly TensorSpec[] = [text, count]): ServedModel {
  const model = fakeModel("llm", inputs, [output], () => undefined);
  const method = { maxBatchSize: 1, config: { stream: true }, with: (options: CallOptions) => ({ stream: (given: NamedTensors) => answer(given, options) }) };
  Object.assign(model.runner.methods, { run: method });
  return model;
}

/** Answers with the words of its input. */
async function* words({ text_input, max_tokens }: NamedTensors): AsyncGenerator<unknown> {
  const [sentence = ""] = (text_input as NdArray<"string">).data;
  const all = sentence.split(" ").filter((word) => word !== "");
  for (const word of all.slice(0, (max_tokens?.data[0] as number | undefined) ?? Infinity)) {
    if (word === "fail") throw new InvalidArgumentError("asked to fail");
    if (word === "break") throw new Error("cannot read /srv/model");
    yield word;
  }
}

const generate = (server: TestServer, body: string | object, model = "llm"): Promise<TestResponse> => send(server.port, { path: `/v2/models/${model}/generate`, body });
const generateStream = (server: TestServer, body: string | object, model = "llm"): Promise<TestResponse> => send(server.port, { path: `/v2/models/${model}/generate_stream`, body });
const events = ({ text: all }: TestResponse): unknown[] => {
  const parts = all.split("\n\n");
  expect(parts.pop()).toBe("");
  return parts.map((part) => JSON.parse(part.replace(/^data: /, "")) as unknown);
};

/** Any number of answers is what a stream of events is for. */
const isOfBoth = (what: string): boolean => !/ answers?$/.test(what);

describe("generate", () => {
  test("answers a stream of exactly one, as Triton does", async () => {
    await using server = await serve([streaming(words)]);
    const answer = await generate(server, { id: "g1", text_input: "one" });
    expect([answer.status, answer.headers["content-type"], answer.json()]).toEqual([200, "application/json", { id: "g1", model_name: "llm", model_version: "v1", text_output: "one" }]);
    expect((await send(server.port, { path: "/v2/models/llm/versions/v1/generate", body: { text_input: "one two", parameters: { max_tokens: 1, other: 5 } } })).json()).toMatchObject({ text_output: "one" });
  });

  test.each<[string, string | object, RegExp]>([
    ["several answers", { text_input: "one two" }, /more than one answer, .* use generate_stream/],
    ["no answer", { text_input: "" }, /no answer/],
    ["an error of the model", { text_input: "fail" }, /asked to fail/],
    ["bad JSON", "{x", /not valid JSON/],
    ["no body", "", /not valid JSON/],
    ["a list", "[1]", /must be a JSON object, it is an array/],
    ["a wrong type", { text_input: 5 }, /input "text_input": element 0 of "data" must be a string/],
    ["a fraction", { text_input: "a", max_tokens: 1.5 }, /input "max_tokens": element 0 .* whole number/],
    ["a list too deep", { text_input: [["a"]] }, /"text_input" has 1 dimensions, the request's value is nested 2 deep/],
    ["an input that is none", { text_input: "a", text: "b" }, /no input "text", its inputs are "text_input", "max_tokens"/],
    ["an id that is no text", { text_input: "a", id: 5 }, /"id" must be a string/],
    ["parameters that are none", { text_input: "a", parameters: [] }, /"parameters" must be a JSON object/],
    ["a bad priority", { text_input: "a", parameters: { priority: -1 } }, /"priority"/],
    ["an infer request", { inputs: [] }, /no input "inputs"/],
  ])("refuses %s with 400", async (what, body, message) => {
    await using server = await serve([streaming(words)]);
    for (const answer of [await generate(server, body), ...(isOfBoth(what) ? [await generateStream(server, body)] : [])]) {
      expect([answer.status, answer.json()["error"]]).toEqual([400, expect.stringMatching(message)]);
    }
    expect((await generate(server, { text_input: "fine" })).status).toBe(200);
  });

  test("answers for models that answer once: numbers, missing batch dims, scalars", async () => {
    await using server = await serve([doubling()]);
    expect((await generate(server, { x: [1, 2.5] }, "double")).json()).toEqual({ model_name: "double", model_version: "v1", y: [2, 5] });
    expect((await generate(server, { x: [[1, 2], [3, 4]] }, "double")).json()["y"]).toEqual([2, 4, 6, 8]);
    expect(events(await generateStream(server, { x: [1, 2] }, "double"))).toEqual([{ model_name: "double", model_version: "v1", y: [2, 4] }]);
    expect((await generate(server, { x: [1, 2, 3] }, "double")).status).toBe(400);
    expect((await generate(server, { x: [[1, 2], [3]] }, "double")).status).toBe(400);
  });

  test("keeps all digits of 64-bit integers, both ways, and tells what JSON cannot say", async () => {
    const big: TensorSpec = { name: "n", dtype: "int64", shape: [-1] };
    const echo = fakeModel("echo", [big], [big], ({ n }) => n);
    const half = fakeModel("half", [big], [], () => ({ a: new NdArray("float32", [1], Float32Array.of(NaN)) }));
    await using server = await serve([echo, half]);
    expect((await generate(server, '{"n":[9007199254740993,1]}', "echo")).text).toContain('"n":[9007199254740993,1]');
    expect((await generate(server, '{"n":9223372036854775807}', "echo")).text).toContain('"n":9223372036854775807');
    const refused = await generate(server, '{"n":1}', "half");
    expect([refused.status, refused.json()["error"]]).toEqual([400, expect.stringMatching(/NaN/)]);
  });

  test("unknown models are 404, other methods 405; a stream has no infer", async () => {
    await using server = await serve([streaming(words)]);
    expect((await generate(server, {}, "nope")).status).toBe(404);
    for (const action of ["generate", "generate_stream"]) {
      const get = await send(server.port, { path: `/v2/models/llm/${action}` });
      expect([get.status, get.headers["allow"]]).toEqual([405, "POST"]);
    }
    const infer = await send(server.port, { path: "/v2/models/llm/infer", body: { inputs: [{ name: "text_input", shape: [1], datatype: "BYTES", data: ["a"] }] } });
    expect([infer.status, infer.json()["error"]]).toEqual([400, expect.stringMatching(/use generate_stream/)]);
    expect((await send(server.port, { path: "/v2" })).json()["extensions"]).toContain("generate");
  });

  test("a model whose inputs are not known cannot be given plain values", async () => {
    await using server = await serve([streaming(words, [])]);
    expect((await generate(server, { text_input: "a" })).json()["error"]).toMatch(/inputs of this model are not known/);
  });

  test("the call gets priority, time-out, request id and trace; statistics count it", async () => {
    const seen: CallOptions[] = [];
    const model = streaming(async function* (inputs, options) {
      seen.push(options);
      yield* words(inputs);
    });
    await using server = await serve([model]);
    const headers = { "X-Request-Id": "r1", traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` };
    await send(server.port, { path: "/v2/models/llm/generate", body: { text_input: "a", parameters: { priority: 1, timeout: 5_000_000 } }, headers });
    expect(seen[0]).toMatchObject({ priority: "high", timeoutMs: 5_000, requestId: "r1", traceContext: { traceparent: headers.traceparent } });
    await generate(server, { text_input: "fail" });
    const stats = (await send(server.port, { path: "/v2/models/llm/stats" })).json()["model_stats"];
    expect(stats).toMatchObject([{ inference_stats: { success: { count: 1 }, fail: { count: 1 } } }]);
  });
});

describe("generate_stream", () => {
  test("writes each answer as an event", async () => {
    await using server = await serve([streaming(words)]);
    const answer = await generateStream(server, { id: "s", text_input: "one two three" });
    expect([answer.status, answer.headers["content-type"], answer.headers["cache-control"]]).toEqual([200, "text/event-stream; charset=utf-8", "no-cache"]);
    const record = (word: string): object => ({ id: "s", model_name: "llm", model_version: "v1", text_output: word });
    expect(events(answer)).toEqual([record("one"), record("two"), record("three")]);
    expect((await generateStream(server, { text_input: "" })).text).toBe("");
  });

  test("answers can be arrays, plain values, and records of them; line ends stay inside their event", async () => {
    const all = [new NdArray("int32", [2], Int32Array.of(1, 2)), "a\nb", 1.5, true, 10n, { IDX: new NdArray("int32", [1], Int32Array.of(7)), OUT: "x", EMPTY: new NdArray("float32", [0], new Float32Array(0)) }];
    await using server = await serve([streaming(async function* () {
      yield* all;
    })]);
    const named = { model_name: "llm", model_version: "v1" };
    expect(events(await generateStream(server, { text_input: "" }))).toEqual([
      { ...named, text_output: [1, 2] },
      { ...named, text_output: "a\nb" },
      { ...named, text_output: 1.5 },
      { ...named, text_output: true },
      { ...named, text_output: 10 },
      { ...named, IDX: 7, OUT: "x", EMPTY: [] },
    ]);
  });

  test("an error comes after the answers before it, and one that nobody meant says nothing", async () => {
    const logged: unknown[] = [];
    await using server = await serve([streaming(words)], { onUnexpectedError: (error) => logged.push(error) });
    expect(events(await generateStream(server, { text_input: "one fail" }))).toEqual([expect.objectContaining({ text_output: "one" }), { error: "asked to fail" }]);
    expect(events(await generateStream(server, { text_input: "one break" })).at(-1)).toEqual({ error: expect.stringMatching(/its log says why/) as string });
    const first = await generateStream(server, { text_input: "break" });
    expect([first.status, first.text]).toEqual([500, expect.not.stringContaining("/srv")]);
    expect(logged).toHaveLength(2);
  });

  test("a client that goes aborts the stream", async () => {
    const ended = new Promise<unknown>((resolve) => (streams.onEnd = resolve));
    await using server = await serve([streaming(streams.endless)]);
    const socket = await openSocket(server.port);
    const body = JSON.stringify({ text_input: "a" });
    socket.write(`POST /v2/models/llm/generate_stream HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    await readUntil(socket, (received) => received.includes("data: "));
    socket.destroy();
    expect(await ended).toMatchObject({ code: "CLIENT_GONE" });
    await expect.poll(async () => (await send(server.port, { path: "/metrics" })).text).toMatch(/request_total\{endpoint="\/v2\/models\/\{model\}\/generate_stream".*http_response_code="499"\} 1/);
  });

  test("a client that does not read stops the stream from being made", async () => {
    let made = 0;
    await using server = await serve([streaming(async function* () {
      for (; made < 10_000; made++) yield "x".repeat(100_000);
    })]);
    const socket = await openSocket(server.port);
    const body = JSON.stringify({ text_input: "a" });
    socket.pause();
    socket.write(`POST /v2/models/llm/generate_stream HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    await expect.poll(async () => {
      const before = made;
      await wait(50);
      return made > 0 && made === before;
    }).toBe(true);
    expect(made).toBeLessThan(1_000);
    const gone = readToEnd(socket);
    socket.destroy();
    await gone;
  });

  test("the time of a call is the one until its first answer", async () => {
    await using server = await serve([streaming(streams.slow)], { callTimeoutMs: 300 });
    expect(events(await generateStream(server, { text_input: "late" }))).toHaveLength(2);
    const never = await generateStream(server, { text_input: "never" });
    expect([never.status, never.json()["error"]]).toEqual([504, expect.stringMatching(/not answered within 300 ms/)]);
    expect((await generate(server, { text_input: "never" })).status).toBe(504);
  });

  test("a model that is replaced ends after its last stream, not before", async () => {
    const { model, called, answer } = waiting();
    const old = { ...model, name: "double" };
    const repository = { list: async () => [], open: async () => ({ ...doubling(), version: "v2" }) };
    await using server = await serve([old], { repository, ownsRunners: true });
    const answered = send(server.port, { path: "/v2/models/double/generate_stream", body: { x: [1, 2] } });
    await called;
    expect((await send(server.port, { path: "/v2/repository/models/double/load", method: "POST" })).status).toBe(200);
    expect((await generate(server, { x: [1, 2] }, "double")).json()).toMatchObject({ model_version: "v2", y: [2, 4] });
    expect(old.runner.destroyed).toBe(0);
    answer();
    expect(events(await answered)).toMatchObject([{ model_version: "v1", y: [1, 2] }]);
    await expect.poll(() => old.runner.destroyed).toBe(1);
  });

  test("a closing server lets a stream finish", async () => {
    const { model, called, answer } = waiting();
    const server = await serve([model]);
    const answered = send(server.port, { path: "/v2/models/wait/generate_stream", body: { x: [1, 2] } });
    await called;
    const closed = server.server.close();
    answer();
    expect(events(await answered)).toHaveLength(1);
    await closed;
  });
});

const streams = {
  onEnd: (_reason: unknown): void => undefined,

  async *endless(_inputs: NamedTensors, { signal }: CallOptions): AsyncGenerator<unknown> {
    for (;;) {
      yield "word";
      await wait(1);
      if (signal?.aborted === true) {
        streams.onEnd(signal.reason);
        throw signal.reason as Error;
      }
    }
  },

  /** Its second answer comes after the time for a call; `never` gives none, and does as it is told. */
  async *slow({ text_input }: NamedTensors, { signal }: CallOptions): AsyncGenerator<unknown> {
    if (text_input?.data[0] === "never") {
      await new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error)));
    }
    yield "first";
    await wait(400);
    yield "second";
  },
};
