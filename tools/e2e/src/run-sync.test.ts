import { NdArray, Runnable, Runner, kwargs, type AnyRunner, type AnyRunnerMethod, type RunnableMethods, type RunnerOptions } from "bentoml-core";
import { afterEach, describe, expect, test } from "vitest";
import { ARITHMETIC_METHODS, fixtureRunner, method } from "./fixtures.js";

const rows = (...values: number[]): NdArray => new NdArray("float32", [values.length, 1], Float32Array.from(values));
const nested = (value: unknown): unknown => (value as NdArray).toNested();

let runner: AnyRunner | undefined;
afterEach(() => runner?.destroy());

function started(file: string, className: string, methods: RunnableMethods, params: unknown, options: RunnerOptions = {}): (name: string) => AnyRunnerMethod {
  const made = fixtureRunner(file, className, methods, params, { workers: 1, ...options });
  runner = made;
  return (name) => method(made, name);
}

const arithmetic = (options: RunnerOptions = {}): ((name: string) => AnyRunnerMethod) => started("arithmetic", "Arithmetic", ARITHMETIC_METHODS, undefined, options);

const STREAMING_METHODS: RunnableMethods = { echo: {}, slowly: {}, exitOnce: {}, waiting: { stream: true }, count: { stream: true } };

function streaming(options: RunnerOptions = {}): { call: (name: string) => AnyRunnerMethod; words: Int32Array } {
  const words = new Int32Array(new SharedArrayBuffer(24));
  return { call: started("streaming", "Streaming", STREAMING_METHODS, { words: words.buffer }, options), words };
}

describe.each([{ handle: "local" }, { handle: "worker threads" }])("$handle", ({ handle }) => {
  const start = (): Promise<unknown> | undefined => (handle === "local" ? runner?.initLocal({ quiet: true }) : runner?.init());

  test("the same answers, checks and ownership as asynchronous calls", async () => {
    const call = arithmetic({ maxBatchSize: 4 });
    await start();
    const input = rows(1, 2, 3);
    const answer = call("double").runSync(input) as NdArray;
    expect([nested(answer), (answer.data as Float32Array).buffer.byteLength]).toEqual([[[2], [4], [6]], 12]);
    const same = call("identity").runSync(input) as NdArray;
    (same.data as Float32Array).fill(0);
    expect(nested(input)).toEqual([[1], [2], [3]]);
    expect(nested(call("named").runSync(kwargs({ x: rows(1), factor: 10 })))).toEqual([[10]]);
    expect(call("lengths").runSync(["a", "bcd"])).toEqual([1, 3]);
    expect(call("context").with({ requestId: "r-1" }).runSync(0)).toEqual({ requestIds: ["r-1"], deadline: null });
    expect(() => call("scale").runSync(rows(1, 2), rows(1))).toThrow(/do not match.*0: 2, 1: 1/);
    expect(() => call("rootOfPositive").runSync(rows(-1))).toThrow(expect.objectContaining({ name: "RangeError", message: "no root of a negative number" }));
    expect(() => call("double").with({ signal: AbortSignal.abort(new Error("changed my mind")) }).runSync(rows(1))).toThrow("changed my mind");
  });

  test("a call of more items than a batch takes is answered whole", async () => {
    const call = arithmetic({ maxBatchSize: 4 });
    await start();
    const values = Array.from({ length: 11 }, (_, index) => index);
    expect(nested(call("double").runSync(rows(...values)))).toEqual(values.map((value) => [value * 2]));
    expect(call("lengths").runSync(values.map((value) => "x".repeat(value)))).toEqual(values);
    expect(() => call("rootOfPositive").runSync(rows(...values.map((value) => (value === 6 ? -1 : value))))).toThrow("no root of a negative number");
    expect(nested(call("double").runSync(rows(1)))).toEqual([[2]]);
  });
});

test("it starts the workers and waits until their model is loaded, in the same turn", () => {
  const call = started("streaming", "SlowSetup", { double: { batchable: true }, echo: {} }, { milliseconds: 100 });
  expect(nested(call("double").runSync(rows(4)))).toEqual([[8]]);
  expect(call("echo").runSync("again")).toBe("again");
});

test("a model that cannot be loaded is an error, not an endless wait", () => {
  const call = started("crashing", "BrokenSetup", { predict: { batchable: true } }, undefined);
  expect(() => call("predict").runSync(rows(1))).toThrow("the model file is broken");
});

test("asynchronous calls of the same runner are run too, and lose nothing", async () => {
  const call = arithmetic({ workers: 2, maxBatchSize: 4 });
  await runner?.init();
  const before = Array.from({ length: 20 }, (_, index) => call("double")(rows(index)));
  expect(nested(call("double").runSync(rows(100)))).toEqual([[200]]);
  const after = Array.from({ length: 20 }, (_, index) => call("double")(rows(index)));
  expect(nested(call("double").runSync(rows(101)))).toEqual([[202]]);
  for (const answers of [await Promise.all(before), await Promise.all(after)]) expect(answers.map(nested)).toEqual(Array.from({ length: 20 }, (_, index) => [[index * 2]]));
  expect(runner?.stats()).toMatchObject({ queuedCalls: 0, workers: { idle: 2, restarts: 0 } });
});

test("an asynchronous method of a worker is waited for, also behind one that takes its time", async () => {
  const { call, words } = streaming();
  const slow = call("slowly")("slow");
  while (Atomics.load(words, 0) === 0) await new Promise((resolve) => setImmediate(resolve));
  // Its answer comes while this thread stands still, and must be received for the worker to get free.
  Atomics.store(words, 2, 1);
  expect(call("slowly").runSync("behind")).toBe("behind");
  expect(await slow).toBe("slow");
});

test("timeoutMs ends the wait; what the worker does meanwhile is lost, the next call is served", async () => {
  const { call, words } = streaming();
  await runner?.init();
  expect(() => call("slowly").with({ timeoutMs: 50 }).runSync(1)).toThrow(expect.objectContaining({ code: "DEADLINE_EXCEEDED", httpStatus: 504 }));
  Atomics.store(words, 2, 1);
  expect(call("echo").runSync(2)).toBe(2);
});

test("a worker that dies is started again and the call is run once more; a second death is its error", () => {
  const { call } = streaming();
  expect(call("exitOnce").runSync("survived")).toBe("survived");
  expect(runner?.stats().workers.restarts).toBe(1);
  const poisonous = started("crashing", "Crashing", { poisonExit: { batchable: true }, poisonThrow: { batchable: true } }, {});
  for (const name of ["poisonExit", "poisonThrow"]) {
    expect(() => poisonous(name).runSync(rows(13))).toThrow(expect.objectContaining({ code: "WORKER_CRASHED" }));
    expect(nested(poisonous(name).runSync(rows(1)))).toEqual([[1]]);
  }
});

test("while every worker runs a stream that this thread reads, it is refused instead of waiting for ever", async () => {
  const { call } = streaming();
  const stream = call("waiting").stream(0);
  await stream.next();
  expect(() => call("echo").runSync(1)).toThrow(expect.objectContaining({ code: "WOULD_DEADLOCK", message: expect.stringContaining("every worker runs a stream") }));
  expect(runner?.stats().queuedCalls).toBe(0);
  await stream.return(undefined);
  expect(call("echo").runSync(1)).toBe(1);
  const others = streaming({ workers: 2 });
  const reading = others.call("count").stream(20);
  await reading.next();
  expect(others.call("echo").runSync(2)).toBe(2);
  let items = 1;
  for await (const _item of reading) items++;
  expect(items).toBe(20);
});

class Local extends Runnable {
  static override readonly methods = { later: {}, now: {} } as const;
  later(value: number): Promise<number> {
    return Promise.reject(new Error(`not used: ${String(value)}`));
  }
  now(value: number): number {
    return value + 1;
  }
}

test("local: a promise is refused by name, and so is a model that is still loading", async () => {
  const local = new Runner(Local, { name: "local" });
  const starting = local.initLocal({ quiet: true });
  expect(local.now.runSync(1)).toBe(2);
  expect(() => local.later.runSync(1)).toThrow(expect.objectContaining({ code: "NOT_SYNCHRONOUS", message: expect.stringContaining("returned a promise") }));
  await starting;
  await local.destroy();
  expect(() => local.now.runSync(1)).toThrow(expect.objectContaining({ code: "RUNNER_NOT_INITIALIZED" }));
  const embedded = new Runner(Local, { name: "local", embedded: true });
  expect(embedded.now.runSync(1)).toBe(2);
  await embedded.destroy();
  const call = started("streaming", "SlowSetup", { echo: {} }, { milliseconds: 1 });
  const slow = runner?.initLocal({ quiet: true });
  expect(() => call("echo").runSync(1)).toThrow(/still loads its model/);
  await slow;
  expect(call("echo").runSync(1)).toBe(1);
});

test("a handle that cannot run synchronously, and a runner that cannot start, say what to do", async () => {
  const remote = new Runner(Local, { name: "remote" });
  expect(() => remote.now.runSync(1)).toThrow(/could not be started.*init\(\)/);
  class Remote {
    readonly facts = {};
    runMethod = (): Promise<number> => Promise.resolve(1);
    streamMethod = (): never => {
      throw new Error("not used");
    };
    isReady = (): Promise<boolean> => Promise.resolve(true);
    close = (): Promise<void> => Promise.resolve();
    stats = () => ({ queuedCalls: 0, queuedItems: 0, workers: { alive: 1, idle: 1, size: 1, restarts: 0 } });
  }
  await remote.initClient(new Remote());
  expect(() => remote.now.runSync(1)).toThrow(expect.objectContaining({ code: "NOT_SYNCHRONOUS", message: expect.stringMatching(/Remote.*use run\(\)/) }));
  expect(await remote.now(1)).toBe(1);
  await remote.destroy();
});
