import { setTimeout as delay } from "node:timers/promises";
import { NdArray } from "bentoml-core";
import { InferInput, InferRequestedOutput, TritonClient, type InferOptions, type InferResult } from "bentoml-triton-http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTriton, type StartedTriton } from "./index.js";
import { refusal } from "./testing/refusal.js";
import { addends, oneInteger, rows } from "./testing/rows.js";

const models = ["identity_fp32", "identity_int32", "identity_nd", "add_sub", "linear_batched", "labels3", "sequence_sum", "repeat_decoupled", "raise_error", "params_echo", "cached", "slow"];

let triton: StartedTriton;
let client: TritonClient;

beforeAll(async () => {
  triton = await startTriton({ models });
  client = new TritonClient(triton.url);
});

afterAll(async () => {
  await client.close();
  await triton.stop();
});

describe("compression", () => {
  const both = ["gzip", "deflate"] as const;

  test.each(both)("a %s request and answer", async (compression) => {
    const options = { requestCompression: compression, responseCompression: compression };
    expect((await client.infer("identity_fp32", { INPUT0: rows(2) }, options)).asNdArray("OUTPUT0")).toEqual(rows(2));
    const json = { ...options, outputs: [new InferRequestedOutput("OUTPUT0", { binary: false })] };
    expect((await client.infer("identity_fp32", { INPUT0: rows(1) }, json)).asNdArray("OUTPUT0")).toEqual(rows(1));
  });

  test.each(both)("64 KiB of zeros by %s", async (compression) => {
    const zeros = NdArray.zeros("float32", [1, 64, 256]);
    const options = { requestCompression: compression, responseCompression: compression };
    expect((await client.infer("identity_nd", { INPUT0: zeros }, options)).asNdArray("OUTPUT0")).toEqual(zeros);
  });

  test("an error is never compressed and told as ever", async () => {
    const text = "Request for unknown model: 'nope' is not found";
    expect(await refusal(client.infer("nope", { INPUT0: rows(1) }, { responseCompression: "gzip" }))).toMatchObject({ status: 404, text });
  });

  test.each([
    ["gzip, deflate"],
    ["deflate, gzip"],
    ["gzip;q=0.5, deflate;q=0.9"],
    ["br"],
    ["identity"],
    ["*"],
    ["gzip;q=0"],
  ])("an Accept-Encoding of the caller's own: %s", async (accepted) => {
    const result = await client.infer("identity_fp32", { INPUT0: rows(1) }, { headers: { "accept-encoding": accepted } });
    expect(result.asNdArray("OUTPUT0")).toEqual(rows(1));
  });

  test("a Content-Encoding that Triton does not know", async () => {
    const brotli = client.infer("identity_fp32", { INPUT0: rows(1) }, { headers: { "content-encoding": "br" } });
    expect(await refusal(brotli)).toEqual({ name: "BentoMLError", status: 501, text: "Unsupported compression type" });
  });
});

describe("classification", () => {
  const scores = { x: NdArray.from([[0.1, 0.7, 0.2], [0.5, 0.1, 0.4]]) };

  function classes(classCount: number, binary: boolean): Promise<InferResult> {
    return client.infer("labels3", scores, { outputs: [new InferRequestedOutput("prob", { classCount, binary })] });
  }

  test.each([true, false])("the two best (bytes: %s)", async (binary) => {
    const wanted = [["0.700000:1:dog", "0.200000:2:bird"], ["0.500000:0:cat", "0.400000:2:bird"]];
    expect((await classes(2, binary)).asNdArray("prob").toNested()).toEqual(wanted);
  });

  test("more than there are, none, and without labels", async () => {
    expect((await classes(10, true)).asNdArray("prob").shape).toEqual([2, 3]);
    expect((await classes(0, true)).asNdArray("prob")).toEqual(scores.x);
    const unlabelled = await client.infer("identity_fp32", { INPUT0: rows(1) }, { outputs: [new InferRequestedOutput("OUTPUT0", { classCount: 1 })] });
    expect(unlabelled.asNdArray("OUTPUT0").toNested()).toEqual([["15.000000:15"]]);
  });
});

describe("sequences", () => {
  async function add(value: number, options: InferOptions): Promise<unknown> {
    const input = new InferInput("INPUT", [1, 1], "INT32").setData([[value]]);
    return (await client.infer("sequence_sum", [input], options)).asNdArray("OUTPUT").at(0, 0);
  }

  test.each([[42], [2n ** 63n + 1n]])("start, middle and end of sequence %s", async (sequenceId) => {
    expect(await add(5, { sequenceId, sequenceStart: true })).toBe(5);
    expect(await add(7, { sequenceId })).toBe(12);
    expect(await add(1, { sequenceId, sequenceEnd: true })).toBe(13);
  });

  test("an id of text", async () => {
    expect(await add(1, { sequenceId: "s-1", sequenceStart: true, sequenceEnd: true })).toBe(1);
  });

  test("no id, and an id that was never started", async () => {
    const none = "inference request to model 'sequence_sum' must specify a non-zero or non-empty correlation ID";
    expect(await refusal(add(1, {}))).toMatchObject({ name: "InvalidArgumentError", status: 400, text: none });
    const unknown = "inference request for sequence 77 to model 'sequence_sum' must specify the START flag on the first request of the sequence";
    expect(await refusal(add(1, { sequenceId: 77 }))).toMatchObject({ status: 400, text: unknown });
  });
});

describe("priority, time limits and parameters", () => {
  const x = { x: NdArray.from([[1, 2, 3, 4]]) };

  test("a priority, also one out of range, and a limit in the queue that is kept", async () => {
    const wanted = NdArray.from([[60.5, 69.5, 81]]);
    expect((await client.infer("linear_batched", x, { priority: 2, queueTimeoutMs: 1000 })).asNdArray("y")).toEqual(wanted);
    expect((await client.infer("linear_batched", x, { priority: 9 })).asNdArray("y")).toEqual(wanted);
  });

  test("a limit in the queue that is not kept", async () => {
    const late = client.infer("linear_batched", x, { queueTimeoutMs: 0.001 });
    expect(await refusal(late)).toEqual({ name: "ServiceUnavailableError", status: 503, text: "Request timeout expired" });
  });

  async function seen(options: InferOptions): Promise<unknown> {
    const result = await client.infer("params_echo", oneInteger(), options);
    return JSON.parse(result.asNdArray("PARAMS").at(0) as string);
  }

  test("what the model sees of a request", async () => {
    const parameters = { my_str: "s", my_int: 7, my_bool: true, my_float: 1.5, my_long: 2n ** 62n };
    expect(await seen({ requestId: "abc", priority: 3, queueTimeoutMs: 1.234, parameters })).toEqual({
      correlation_id: 0,
      flags: 0,
      outputs: ["PARAMS"],
      parameters: { ...parameters, my_long: Number(2n ** 62n) },
      request_id: "abc",
      timeout: 1234,
    });
  });

  test("headers that the server forwards, and one that it does not", async () => {
    expect(await seen({ headers: { "X-Fwd-User": "v", "X-My": "v" } })).toMatchObject({ parameters: { "X-Fwd-User": "v" } });
  });

  test("a parameter that Triton keeps for itself", async () => {
    const text = "parameter keys starting with 'triton_' are reserved for Triton usage and should not be specified.";
    expect(await refusal(seen({ parameters: { triton_x: 1 } }))).toMatchObject({ status: 400, text });
  });

  test("an answer from the server's cache", async () => {
    const first = (await client.infer("cached", oneInteger(11))).asNdArray("OUTPUT0");
    expect((await client.infer("cached", oneInteger(11))).asNdArray("OUTPUT0")).toEqual(first);
  });

  test("timeoutMs and an abort end a call that runs, and leave the client usable", async () => {
    const late = client.infer("slow", oneInteger(1500), { timeoutMs: 100 });
    expect(await refusal(late)).toMatchObject({ name: "DeadlineExceededError", status: 504 });
    const reason = new Error("no longer wanted");
    const aborted = new AbortController();
    const call = client.infer("slow", oneInteger(1500), { signal: aborted.signal });
    await delay(50);
    aborted.abort(reason);
    await expect(call).rejects.toBe(reason);
    await expect(client.infer("slow", oneInteger(0), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect((await client.infer("identity_fp32", { INPUT0: rows(1) })).asNdArray("OUTPUT0")).toEqual(rows(1));
  });
});

describe("what Triton refuses", () => {
  const unknown = "[request id: <id_unknown>] ";
  const batch = `${unknown}inference request batch-size must be <= 8 for 'identity_fp32'`;
  const fp32 = (shape: readonly number[], name = "INPUT0"): InferInput => InferInput.of(name, NdArray.zeros("float32", shape));

  test.each<[string, string, InferInput[], InferOptions, number, string]>([
    ["an unknown model", "nope", [fp32([1, 16])], {}, 404, "Request for unknown model: 'nope' is not found"],
    ["an unknown version", "identity_fp32", [fp32([1, 16])], { modelVersion: "9" }, 404, "Request for unknown model: 'identity_fp32' version 9 is not found"],
    ["a version that is no number", "identity_fp32", [fp32([1, 16])], { modelVersion: "abc" }, 404, "Not Found"],
    ["a model that is not loaded", "load_me", [fp32([1, 16])], {}, 404, "Request for unknown model: 'load_me' is not found"],
    ["a wrong shape", "identity_fp32", [fp32([1, 15])], {}, 400, `${unknown}unexpected shape for input 'INPUT0' for model 'identity_fp32'. Expected [-1,16], got [1,15].`],
    ["a wrong rank", "identity_fp32", [fp32([16])], {}, 400, batch],
    ["a batch that is too big", "identity_fp32", [fp32([9, 16])], {}, 400, batch],
    ["a batch of none", "identity_fp32", [fp32([0, 16])], {}, 400, `${unknown}input byte size mismatch for input 'INPUT0' for model 'identity_fp32'. Expected 64, got 0`],
    ["a wrong datatype", "identity_fp32", [InferInput.of("INPUT0", NdArray.zeros("int32", [1, 16]))], {}, 400, `${unknown}inference input 'INPUT0' data-type is 'INT32', but model 'identity_fp32' expects 'FP32'`],
    ["too few inputs", "add_sub", [InferInput.of("INPUT0", addends().INPUT0)], {}, 400, `${unknown}expected 2 inputs but got 1 inputs for model 'add_sub'. Got input(s) ['INPUT0'], but missing required input(s) ['INPUT1'].`],
    ["no inputs", "add_sub", [], {}, 400, `${unknown}expected 2 inputs but got 0 inputs for model 'add_sub'.`],
    ["an unknown input", "identity_fp32", [fp32([1, 16], "NOPE")], {}, 400, "unexpected inference input 'NOPE' for model 'identity_fp32'"],
    ["an unknown output", "identity_fp32", [fp32([1, 16])], { outputs: ["NOPE"] }, 400, "unexpected inference output 'NOPE' for model 'identity_fp32'"],
    ["a decoupled model", "repeat_decoupled", [new InferInput("IN", [1], "INT32").setData([4])], {}, 501, "HTTP end point doesn't support models with decoupled transaction policy"],
  ])("%s", async (_name, model, inputs, options, status, text) => {
    const refused = await refusal(client.infer(model, inputs, options));
    expect(refused.status).toBe(status);
    expect(refused.text.startsWith(text), refused.text).toBe(true);
  });

  test("an extra input, and one that comes twice", async () => {
    const extra = client.infer("identity_fp32", [fp32([1, 16]), fp32([1, 16], "MORE")]);
    expect(await refusal(extra)).toMatchObject({ status: 400 });
    expect(await refusal(client.infer("identity_fp32", [fp32([1, 16]), fp32([1, 16])]))).toMatchObject({ status: 400 });
  });

  test.each([
    [0, "ModelRunError", 500, "boom from the model"],
    [1, "ModelRunError", 500, "Failed to process the request(s) for model 'raise_error_0_0', message: ValueError: uncaught python exception"],
    [2, "NotFoundError", 404, "not here"],
    [3, "InvalidArgumentError", 400, "bad arg"],
    [4, "ServiceUnavailableError", 503, "unavail"],
    [5, "BentoMLError", 501, "unsup"],
    [6, "InvalidArgumentError", 400, "exists"],
    [7, "InvalidArgumentError", 400, "cancelled"],
  ])("the model's own error %s is a %s", async (kind, name, status, text) => {
    const refused = await refusal(client.infer("raise_error", { INPUT0: NdArray.from([kind]) }));
    expect(refused).toMatchObject({ name, status });
    expect(refused.text.startsWith(text), refused.text).toBe(true);
  });
});
