import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kwargs, ModelStore, NdArray, Runner, type AnyRunner, type AnyRunnerMethod, type RunnerOptions } from "bentoml-core";
import { RunnerServer } from "bentoml-server";
import { saveModel, type TritonModel } from "bentoml-triton-http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTriton, type StartedTriton } from "./index.js";
import { addends } from "./testing/rows.js";

const modelNames = ["linear_batched", "add_sub", "identity_nd", "identity_bytes", "identity_bool", "identity_int64", "identity_fp16", "raise_error", "slow", "repeat_decoupled", "params_echo"] as const;
type ModelName = (typeof modelNames)[number];

interface StartedRunner {
  readonly runner: AnyRunner;
  stop(): Promise<void>;
}

/** Where a Triton runner's requests are made; the model runs on its server all the same. */
type Place = readonly [name: string, start: (model: TritonModel) => Promise<StartedRunner>];

const plain = (model: TritonModel, options: RunnerOptions): AnyRunner => new Runner(model.toRunnable(), { name: model.tag.name, workers: 1, ...options });

const places: readonly Place[] = [
  ["its own handle", (model) => alone(model.toRunner(), (runner) => runner.init())],
  ["this thread", (model) => alone(model.toRunner(), (runner) => runner.initLocal({ quiet: true }))],
  ["worker threads", (model) => alone(plain(model, { isolation: "thread" }), (runner) => runner.init())],
  ["worker processes", (model) => alone(plain(model, { isolation: "process" }), (runner) => runner.init())],
  ["a runner server", behindServer],
];

async function alone(runner: AnyRunner, init: (runner: AnyRunner) => Promise<unknown>): Promise<StartedRunner> {
  await init(runner);
  return { runner, stop: () => runner.destroy() };
}

async function behindServer(model: TritonModel): Promise<StartedRunner> {
  const server = new RunnerServer({ runner: plain(model, {}), ownsRunner: true, onUnexpectedError: () => undefined });
  const { url } = await server.listen({ port: 0 });
  const started = await alone(plain(model, {}), (runner) => runner.initClient({ url }));
  return {
    runner: started.runner,
    stop: async () => {
      await started.stop();
      await server.close({ graceMs: 1_000 });
    },
  };
}

type Call = readonly [what: string, model: ModelName, args: readonly unknown[], expected: unknown];

const row = NdArray.from([[1, 2, 3, 4]]);
const answer = NdArray.from([[60.5, 69.5, 81]]);
const { INPUT0, INPUT1 } = addends();
const both = { OUTPUT0: NdArray.from([Array.from({ length: 16 }, (_unused, index) => index + 1)], "int32"), OUTPUT1: NdArray.from([Array.from({ length: 16 }, (_unused, index) => index - 1)], "int32") };
const large = new NdArray("float32", [30, 7, 100], new Float32Array(21_000).fill(0.5));

const answers: readonly Call[] = [
  ["an array", "linear_batched", [row], answer],
  ["nested lists", "linear_batched", [[[1, 2, 3, 4]]], answer],
  ["an array that is cast without loss", "linear_batched", [NdArray.from([[1, 2, 3, 4]], "int8")], answer],
  ["a keyword", "linear_batched", [kwargs({ x: row })], answer],
  ["a record", "linear_batched", [{ x: row }], answer],
  ["as many rows as a batch has", "linear_batched", [NdArray.from(Array.from({ length: 16 }, () => [1, 2, 3, 4]))], NdArray.from(Array.from({ length: 16 }, () => [60.5, 69.5, 81]))],
  ["two inputs by place", "add_sub", [INPUT0, INPUT1], both],
  ["two inputs by name", "add_sub", [kwargs({ INPUT1, INPUT0 })], both],
  ["two inputs in a record", "add_sub", [{ INPUT1, INPUT0 }], both],
  ["no elements", "identity_nd", [NdArray.zeros("float32", [0, 3, 1])], NdArray.zeros("float32", [0, 3, 1])],
  ["a large array", "identity_nd", [large], large],
  ["texts", "identity_bytes", [["", "żółć \u0000 😀"]], NdArray.from(["", "żółć \u0000 😀"], "string")],
  ["booleans", "identity_bool", [[true, false]], NdArray.from([true, false])],
  ["64-bit integers", "identity_int64", [[2n ** 53n + 1n, -5]], NdArray.from([2n ** 53n + 1n, -5n], "int64")],
  ["half precision", "identity_fp16", [NdArray.from([1.5, -2], "float16")], NdArray.from([1.5, -2], "float16")],
];

const refusals: readonly (readonly [what: string, model: ModelName, args: readonly unknown[], error: { readonly name: string; readonly message: RegExp }])[] = [
  ["the model's error", "raise_error", [[0]], { name: "ModelRunError", message: /500: boom from the model$/ }],
  ["an error of the model with a code", "raise_error", [[4]], { name: "ServiceUnavailableError", message: /503: unavail$/ }],
  ["a wrong shape", "linear_batched", [[[1, 2, 3]]], { name: "InvalidArgumentError", message: /^Input "x" wants FP32 \[-1, 4\] .* given FP32 \[1, 3\]\.$/ }],
  ["a dtype that would lose", "add_sub", [new NdArray("float32", [1, 16], new Float32Array(16).fill(0.5)), INPUT1], { name: "InvalidArgumentError", message: /^Input "INPUT0" wants INT32/ }],
  ["a missing input", "add_sub", [INPUT0], { name: "InvalidArgumentError", message: /missing: "INPUT1"/ }],
  ["an unknown input", "add_sub", [kwargs({ INPUT0, INPUT1, INPUT2: 1 })], { name: "InvalidArgumentError", message: /unknown: "INPUT2"/ }],
  ["inputs by place and by name", "add_sub", [INPUT0, kwargs({ INPUT1 })], { name: "InvalidArgumentError", message: /1 inputs by place and 1 by name/ }],
  ["a function", "linear_batched", [() => 1], { name: "InvalidArgumentError", message: /function|Input "x" wants FP32 .* pass an NdArray/ }],
];

let triton: StartedTriton;
let home: string;
let models: Readonly<Record<ModelName, TritonModel>>;

beforeAll(async () => {
  triton = await startTriton({ models: modelNames });
  home = await mkdtemp(join(tmpdir(), "bentoml-triton-places-"));
  const saved = modelNames.map(async (modelName) => [modelName, await saveModel(modelName, { url: triton.url, modelName }, { store: new ModelStore(home) })] as const);
  models = Object.fromEntries(await Promise.all(saved)) as Record<ModelName, TritonModel>;
});

afterAll(async () => {
  await triton.stop();
  await rm(home, { recursive: true });
});

describe.each(places)("%s", (_place, start) => {
  const started = new Map<ModelName, Promise<StartedRunner>>();

  async function method(name: ModelName): Promise<AnyRunnerMethod> {
    let one = started.get(name);
    if (one === undefined) started.set(name, (one = start(models[name])));
    return (await one).runner.run as AnyRunnerMethod;
  }

  afterAll(async () => {
    for (const one of started.values()) await (await one).stop();
  });

  test.each(answers)("%s", async (_what, name, args, expected) => {
    expect(await (await method(name))(...args)).toEqual(expected);
  });

  test.each(refusals)("%s is refused", async (_what, name, args, { name: className, message }) => {
    const error = await (await method(name))(...args).then(
      () => expect.unreachable("it was answered"),
      (reason: unknown) => reason as Error,
    );
    expect([error.name, error.message]).toEqual([className, expect.stringMatching(message)]);
  });

  test("many callers at once get each his own", async () => {
    const run = await method("identity_int64");
    const asked = Array.from({ length: 40 }, (_unused, index) => BigInt(index));
    expect(await Promise.all(asked.map((value) => run([value])))).toEqual(asked.map((value) => NdArray.from([value], "int64")));
  });

  test("a result owns its memory, and the caller may reuse his array at once", async () => {
    const mine = NdArray.from([[1, 2, 3, 4]]);
    const running = (await method("linear_batched"))(mine);
    mine.data.fill(0);
    const result = (await running) as NdArray<"float32">;
    expect([result, result.data.buffer.byteLength]).toEqual([answer, 12]);
  });

  test("the request id reaches the model", async () => {
    const seen = (await (await method("params_echo")).with({ requestId: "r-1" })([0])) as NdArray<"string">;
    expect(JSON.parse(seen.at(0))).toMatchObject({ request_id: "r-1" });
  });

  test("a deadline ends a call, an abort gives its reason, and the next call goes on", async () => {
    const slow = await method("slow");
    await expect(slow.with({ timeoutMs: 200 })([1_000])).rejects.toMatchObject({ name: "DeadlineExceededError" });
    const controller = new AbortController();
    const aborted = slow.with({ signal: controller.signal })([1_000]).catch((error: unknown) => error);
    const reason = new Error("not wanted any more");
    setImmediate(() => controller.abort(reason));
    expect(await aborted).toBe(reason);
    expect(await slow([1])).toEqual(NdArray.from([1], "int32"));
  });

  test("items of a stream, an error in its middle, and a caller who leaves", async () => {
    const repeat = await method("repeat_decoupled");
    const item = (value: number, index: number): unknown => ({ OUT: NdArray.from([value], "int32"), IDX: NdArray.from([index], "uint32") });
    const items: unknown[] = [];
    for await (const one of repeat.stream([7, 8, 9])) items.push(one);
    expect(items).toEqual([7, 8, 9].map(item));
    const failing = repeat.stream([7, -1]);
    expect((await failing.next()).value).toEqual(item(7, 0));
    await expect(failing.next()).rejects.toMatchObject({ name: "ModelRunError", message: expect.stringContaining("negative value at 1") });
    for await (const one of repeat.stream([1, 2, 3])) {
      expect(one).toEqual(item(1, 0));
      break;
    }
    expect((await repeat.stream([5]).next()).value).toEqual(item(5, 0));
  });

  test("a call after destroy is refused", async () => {
    const { runner, stop } = await start(models.linear_batched);
    expect(await runner.runnerHandleIsReady(10_000)).toBe(true);
    await stop();
    expect(await runner.runnerHandleIsReady()).toBe(false);
    await expect((runner.run as AnyRunnerMethod)(row)).rejects.toMatchObject({ code: "RUNNER_NOT_INITIALIZED" });
  });
});
