import { NdArray, kwargs, type AnyRunner, type AnyRunnerMethod, type RunnableMethods } from "bentoml-core";
import { afterEach, describe, expect, test } from "vitest";
import { runScript } from "./child-script.js";
import { fixtureRunner, method } from "./fixtures.js";

const METHODS: RunnableMethods = {
  count: { stream: true },
  countSync: { stream: true },
  mixed: { stream: true },
  large: { stream: true },
  reused: { stream: true },
  arguments: { stream: true },
  failing: { stream: true },
  unsendable: { stream: true },
  noStream: { stream: true },
  waiting: { stream: true },
  crashAfter: { stream: true },
  crashOnce: { stream: true },
  crashNotIdempotent: { stream: true, idempotent: false },
  echo: {},
  generated: {},
};

/** What the fixture counts. */
class Counts {
  readonly memory: SharedArrayBuffer = new SharedArrayBuffer(24);
  readonly #words: Int32Array = new Int32Array(this.memory);
  get made(): number {
    return Atomics.load(this.#words, 0);
  }
  get ended(): number {
    return Atomics.load(this.#words, 1);
  }
  get waiting(): number {
    return Atomics.load(this.#words, 5);
  }
  get aborted(): number {
    return Atomics.load(this.#words, 4);
  }
  openGate(): void {
    Atomics.store(this.#words, 2, 1);
  }
}

let counts: Counts;
let runner: AnyRunner;

function streaming(options: { workers?: number; graceMs?: number; maxQueueSize?: number; maxLatencyMs?: number } = {}): (name: string) => AnyRunnerMethod {
  counts = new Counts();
  runner = fixtureRunner("streaming", "Streaming", METHODS, { words: counts.memory }, { workers: 1, ...options });
  return (name) => method(runner, name);
}

afterEach(() => runner.destroy());

async function all(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn();
}

/** A worker's generator stands still when it has not made anything for so many turns of this thread's event loop. */
async function untilStill(): Promise<number> {
  for (let made = counts.made, turns = 0; turns < 2_000; turns++) {
    await turn();
    if (counts.made !== made) turns = 0;
    made = counts.made;
  }
  return counts.made;
}

describe.each([
  { handle: "local", start: (started: AnyRunner) => started.initLocal({ quiet: true }), window: 0 },
  { handle: "worker threads", start: (started: AnyRunner) => started.init(), window: 8 },
])("$handle", ({ handle, start, window }) => {
  test.each(["count", "countSync"])("%s: every item, in order, then the end", async (name) => {
    const call = streaming();
    await start(runner);
    expect(await all(call(name).stream(50))).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect([counts.made, counts.ended]).toEqual([50, 1]);
    expect(await all(call(name).stream(0))).toEqual([]);
  });

  test("any value that a container carries", async () => {
    const call = streaming();
    await start(runner);
    const [text, nothing, plain, tensor, record] = await all(call("mixed").stream());
    expect([text, nothing, plain]).toEqual(["text: żółć", undefined, { nested: [1, { at: new Date(0) }], map: new Map([["a", 1n]]) }]);
    expect([(tensor as NdArray).toNested(), (record as Record<string, NdArray>)["b"]?.toNested()]).toEqual([[1, 2], ["x"]]);
  });

  test("an item owns its memory, though the generator goes on with its own", async () => {
    const call = streaming();
    await start(runner);
    const items = (await all(call("reused").stream())) as NdArray[];
    expect(items.map((item) => item.toNested())).toEqual([[1], [2], [3]]);
    for (const { data } of items) expect((data as Int32Array).buffer.byteLength).toBe(4);
  });

  test("arguments are read with the call, keywords come last, and the context says for whom it is", async () => {
    const call = streaming();
    await start(runner);
    const x = new NdArray("float32", [2], Float32Array.of(1, 2));
    const stream = call("arguments").with({ requestId: "r-1" }).stream(x, kwargs({ factor: 10 }));
    x.data.fill(100);
    const [ids, deadline, ...items] = await all(stream);
    expect([ids, deadline, items.map((item) => (item as NdArray).toNested())]).toEqual([["r-1"], null, [[10, 20], [10, 20], [10, 20]]]);
  });

  test("the generator runs ahead of its reader by a window and no further", async () => {
    const call = streaming();
    await start(runner);
    const stream = call("countSync").stream(1_000);
    await stream.next();
    const ahead = (await untilStill()) - 1;
    expect(ahead).toBeLessThanOrEqual(window);
    for (let read = 0; read < 20; read++) await stream.next();
    expect((await untilStill()) - 21).toBeLessThanOrEqual(window);
    await stream.return(undefined);
    expect(counts.made).toBeLessThanOrEqual(21 + window);
  });

  test("a loop that breaks off ends the generator and frees the worker", async () => {
    const call = streaming();
    await start(runner);
    for await (const item of call("countSync").stream(1e9)) if (item === 3) break;
    expect([counts.ended, runner.stats().workers.idle]).toEqual([1, 1]);
    expect(await all(call("count").stream(2))).toEqual([0, 1]);
  });

  test("an error in the middle comes after the items before it, with its class and message", async () => {
    const call = streaming();
    await start(runner);
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const item of call("failing").stream(5)) seen.push(item);
    })();
    await expect(reading).rejects.toMatchObject({ name: "RangeError", message: "no item 5" });
    expect(seen).toEqual([0, 1, 2, 3, 4]);
  });

  test("an item that cannot be sent, and a method that returns no iterable, are the model's fault", async () => {
    const call = streaming();
    await start(runner);
    await expect(all(call("unsendable").stream())).rejects.toMatchObject({ code: "INVALID_RESULT", httpStatus: 500 });
    await expect(all(call("noStream").stream())).rejects.toMatchObject({ code: "INVALID_RESULT", message: expect.stringContaining("async *noStream") });
    await expect(all(call("count").stream(() => 1))).rejects.toMatchObject({ httpStatus: 400 });
  });

  test("an abort and a deadline in the middle reject the next item, and the generator ends", async () => {
    const call = streaming();
    await start(runner);
    const controller = new AbortController();
    const aborted = call("waiting").with({ signal: controller.signal }).stream(0);
    expect((await aborted.next()).value).toBe("first");
    const pending = aborted.next();
    await until(() => counts.waiting === 1);
    controller.abort(new Error("changed my mind"));
    await expect(pending).rejects.toThrow("changed my mind");
    expect(await aborted.next()).toEqual({ done: true, value: undefined });
    const late = call("waiting").with({ timeoutMs: 200 }).stream(0);
    await expect(all(late)).rejects.toMatchObject({ code: "DEADLINE_EXCEEDED" });
    await until(() => counts.ended === 2);
    expect(counts.aborted).toBe(2);
    expect(await all(call("count").stream(1))).toEqual([0]);
  });

  test("a signal that is aborted already starts nothing; leaving in the middle of an item tells the generator", async () => {
    const call = streaming();
    await start(runner);
    await expect(call("count").with({ signal: AbortSignal.abort(new Error("too late")) }).stream(3).next()).rejects.toThrow("too late");
    expect(counts.made).toBe(0);
    const stream = call("waiting").stream(0);
    await stream.next();
    const pending = stream.next();
    await until(() => counts.waiting === 1);
    await stream.return(undefined);
    expect([await pending, counts.ended, counts.aborted]).toEqual([{ done: true, value: undefined }, 1, 1]);
  });

  test("what is never read never starts, and holds nothing", async () => {
    const call = streaming();
    await start(runner);
    for (let index = 0; index < 1_000; index++) call("countSync").stream(NdArray.zeros("float32", [1000]));
    expect(await call("echo")(1)).toBe(1);
    expect([counts.made, runner.stats().queuedCalls, runner.stats().workers.idle]).toEqual([0, 0, 1]);
  });

  test("a thousand streams that are broken off leave nothing behind", async () => {
    const call = streaming();
    await start(runner);
    for (let index = 0; index < 1_000; index++) for await (const _item of call("countSync").stream(10)) break;
    expect(counts.ended).toBe(1_000);
    expect(runner.stats()).toMatchObject({ queuedCalls: 0, queuedItems: 0, workers: { idle: 1, restarts: 0 } });
    expect(await all(call("count").stream(2))).toEqual([0, 1]);
  });

  test("the wrong way to call a method says the right one", async () => {
    const call = streaming();
    await start(runner);
    await expect(call("count")(3)).rejects.toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringContaining("runner.methods.count.stream(") });
    expect(() => call("count").runSync(3)).toThrow(/count\.stream\(/);
    await expect(call("echo").stream(3).next()).rejects.toThrow(/echo\.run\(/);
    if (handle === "worker threads") expect(await call("generated")(3)).toEqual([0, 1, 2]);
  });

  test("destroy lets a stream finish that is read, and cuts one that is not", async () => {
    const call = streaming({ graceMs: 300 });
    await start(runner);
    const read = call("count").stream(100);
    await read.next();
    const destroyed = runner.destroy();
    expect((await all(read)).length).toBe(99);
    await destroyed;
    await expect(all(read)).resolves.toEqual([]);
    await start(runner);
    const left = call("countSync").stream(1e9);
    await left.next();
    await runner.destroy();
    await expect(all(left)).rejects.toMatchObject({ code: "SERVICE_BUSY", message: expect.stringContaining("graceMs") });
    await expect(call("count").stream(1).next()).rejects.toMatchObject({ code: "RUNNER_NOT_INITIALIZED" });
  });
});

test("large items are bounded by their bytes: half a megabyte each, one megabyte ahead", async () => {
  const call = streaming();
  const stream = call("large").stream(1 << 19);
  await stream.next();
  expect(await untilStill()).toBeLessThanOrEqual(4);
  for (let read = 0; read < 5; read++) expect(((await stream.next()).value as NdArray).shape).toEqual([1 << 19]);
  expect(await untilStill()).toBeLessThanOrEqual(9);
  await stream.return(undefined);
});

test("streams wait their turn, and calls get theirs between them", async () => {
  const call = streaming();
  const order: string[] = [];
  const reading = ["a", "b", "c"].map(async (name) => {
    for await (const item of call("count").stream(30)) if (item === 0) order.push(name);
  });
  const echoes = [1, 2, 3].map((value) => call("echo")(value).then(() => order.push(String(value))));
  await Promise.all([...reading, ...echoes]);
  expect(order.filter((entry) => /\d/.test(entry))).toEqual(["1", "2", "3"]);
  expect(order.filter((entry) => /\D/.test(entry))).toEqual(["a", "b", "c"]);
  expect(runner.stats()).toMatchObject({ queuedCalls: 0, queuedItems: 0 });
});

test("a full queue refuses a stream as it refuses a call, and one that leaves the queue is never run", async () => {
  const call = streaming({ maxQueueSize: 2 });
  const running = call("waiting").stream(0);
  await running.next();
  const queued = [call("count").stream(3), call("count").stream(3)];
  const firsts = queued.map((stream) => stream.next());
  await expect(call("count").stream(3).next()).rejects.toMatchObject({ code: "SERVICE_BUSY" });
  expect(runner.stats()).toMatchObject({ queuedCalls: 2, queuedItems: 2 });
  await queued[0]?.return(undefined);
  expect([await firsts[0], runner.stats().queuedCalls]).toEqual([{ done: true, value: undefined }, 1]);
  await running.return(undefined);
  expect((await firsts[1])?.value).toBe(0);
  expect((await all(queued[1] as (typeof queued)[0])).length).toBe(2);
  expect(counts.made).toBe(3);
});

test("long streams do not make the admission refuse the next one: only its start must be in time", async () => {
  const call = streaming({ maxLatencyMs: 40 });
  await runner.init();
  for (let round = 0; round < 3; round++) {
    const stream = call("waiting").stream(0);
    await stream.next();
    await new Promise((resolve) => setTimeout(resolve, 60));
    await stream.return(undefined);
  }
  const next = call("waiting").stream(0);
  expect((await next.next()).value).toBe("first");
  await next.return(undefined);
});

test("a worker that dies after the first item: the items before it, then WORKER_CRASHED, and no second run", async () => {
  const call = streaming();
  const stream = call("crashAfter").stream(3);
  const seen: unknown[] = [];
  for (let read = 0; read < 3; read++) seen.push((await stream.next()).value);
  counts.openGate();
  await expect(stream.next()).rejects.toMatchObject({ code: "WORKER_CRASHED", message: expect.stringContaining("3 of its items were already read") });
  expect([seen, await stream.next()]).toEqual([[0, 1, 2], { done: true, value: undefined }]);
  expect(await call("echo")("alive")).toBe("alive");
});

test("a worker that dies before the first item: begun anew, unless the method is not idempotent", async () => {
  const call = streaming();
  expect(await all(call("crashOnce").stream())).toEqual(["survived"]);
  await expect(all(call("crashNotIdempotent").stream())).rejects.toMatchObject({ code: "WORKER_CRASHED", message: expect.stringContaining("not idempotent") });
});

test.each([
  { way: "forget", code: 0 },
  { way: "exit", code: 5 },
])("a process that leaves a stream open ends with its own code ($way)", async ({ way, code }) => {
  expect(await runScript("leave-stream.mjs", [way], {})).toEqual({ code, signal: null, stdout: "0\n", stderr: "" });
});
