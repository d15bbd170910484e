import { NdArray, kwargs, type AnyRunner } from "bentoml-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ARITHMETIC_METHODS, fixtureRunner, method } from "./fixtures.js";

const rows = (...values: number[]): NdArray => new NdArray("float32", [values.length, 1], Float32Array.from(values));

/** One table of calls for every handle: the same answers, errors and ownership wherever the model runs. */
describe.each([
  { handle: "local", isolation: "thread" as const, start: (runner: AnyRunner) => runner.initLocal({ quiet: true }) },
  { handle: "worker threads", isolation: "thread" as const, start: (runner: AnyRunner) => runner.init() },
  { handle: "worker processes", isolation: "process" as const, start: (runner: AnyRunner) => runner.init() },
])("$handle", ({ handle, isolation, start }) => {
  let runner: AnyRunner;
  const call = (name: string, ...args: unknown[]): Promise<unknown> => method(runner, name)(...args);

  beforeAll(async () => {
    runner = fixtureRunner("arithmetic", "Arithmetic", ARITHMETIC_METHODS, undefined, { workers: 2, maxBatchSize: 4, isolation });
    await start(runner);
  });
  afterAll(() => runner.destroy());

  test("rows in, rows out", async () => {
    expect(((await call("double", rows(1, 2, 3))) as NdArray).toNested()).toEqual([[2], [4], [6]]);
  });

  test("records of tensors in and out", async () => {
    const { sum, difference } = (await call("sum", { a: rows(5, 7), b: rows(2, 3) })) as Record<string, NdArray>;
    expect([sum?.toNested(), difference?.toNested()]).toEqual([[[7], [10]], [[3], [4]]]);
  });

  test("a side argument is not batched, and calls that disagree on it do not share it", async () => {
    const answers = await Promise.all([2, 3, 2, 5].map((factor, index) => call("scale", rows(index + 1), factor)));
    expect(answers.map((answer) => (answer as NdArray).toNested())).toEqual([[[2]], [[6]], [[6]], [[20]]]);
  });

  test("lists are batched too, and are joined and cut again", async () => {
    const answers = await Promise.all([call("lengths", ["a", "bcd"]), call("lengths", ["ef"]), call("lengths", [""])]);
    expect(answers).toEqual([[1, 3], [2], [0]]);
  });

  test("a method that is not batchable gets each call alone", async () => {
    const answers = await Promise.all([call("whole", rows(1, 2)), call("whole", rows(3)), call("whole", new NdArray("float32", [], Float32Array.of(9)))]);
    expect(answers.map((answer) => (answer as NdArray).toNested())).toEqual([[3], [3], [9]]);
  });

  test("keyword arguments reach the method as one record; only those with rows are batched", async () => {
    const answers = await Promise.all([1, 2].map((value) => call("named", kwargs({ x: rows(value), factor: 10 }))));
    expect(answers.map((answer) => (answer as NdArray).toNested())).toEqual([[[10]], [[20]]]);
  });

  test("a batch dim other than 0", async () => {
    const wide = NdArray.from([[1, 2, 3], [4, 5, 6]]);
    const narrow = NdArray.from([[7], [8]]);
    const answers = await Promise.all([call("columns", wide), call("columns", narrow)]);
    expect(answers.map((answer) => (answer as NdArray).toNested())).toEqual([[[1, 2, 3], [4, 5, 6]], [[7], [8]]]);
  });

  test("a call of more items than a batch takes is answered whole", async () => {
    const values = Array.from({ length: 11 }, (_, index) => index);
    expect(((await call("double", rows(...values))) as NdArray).toNested()).toEqual(values.map((value) => [value * 2]));
    expect(await call("lengths", values.map((value) => "x".repeat(value)))).toEqual(values);
  });

  test.each([1, 11])("a call of %i items is given up alone, and its neighbour of the same signal is answered", async (items) => {
    const { signal } = new AbortController();
    const giveUps: ((reason: unknown) => void)[] = [];
    const values = rows(...Array.from({ length: items }, () => 1));
    const [given, kept] = [0, 1].map(() => method(runner, "double").with({ signal, giveUpBy: (giveUp) => giveUps.push(giveUp) })(values));
    giveUps[0]?.(new Error("not wanted any more"));
    await expect(given).rejects.toThrow("not wanted any more");
    expect(((await kept) as NdArray).shape).toEqual([items, 1]);
  });

  test.each([1, 11])("a call of %i items that is aborted at once ends with the reason", async (items) => {
    const controller = new AbortController();
    const given = method(runner, "double").with({ signal: controller.signal })(rows(...Array.from({ length: items }, () => 1)));
    controller.abort(new Error("left at once"));
    await expect(given).rejects.toThrow("left at once");
  });

  test("an empty batch is answered empty", async () => {
    expect(((await call("double", new NdArray("float32", [0, 1], new Float32Array(0)))) as NdArray).shape).toEqual([0, 1]);
  });

  test("a bad row fails its own call alone, with the error that the model threw", async () => {
    const answers = await Promise.allSettled([4, -1, 9].map((value) => call("rootOfPositive", rows(value))));
    expect(answers.map((answer) => (answer.status === "fulfilled" ? (answer.value as NdArray).toNested() : String(answer.reason)))).toEqual([
      [[2]],
      "RangeError: no root of a negative number",
      [[3]],
    ]);
  });

  test("arguments of different batch sizes are refused with the numbers", async () => {
    await expect(call("scale", rows(1, 2), rows(1))).rejects.toThrow(/do not match.*0: 2, 1: 1/);
  });

  test("a scalar for a batchable method says to add a batch dimension", async () => {
    await expect(call("double", new NdArray("float32", [], Float32Array.of(1)))).rejects.toThrow(/batch dimension/);
  });

  test("a value that cannot be sent is refused by name, before any batch", async () => {
    await expect(call("lengths", [() => 1])).rejects.toMatchObject({ httpStatus: 400 });
  });

  test("an aborted call rejects with the signal's reason", async () => {
    await expect(method(runner, "double").with({ signal: AbortSignal.abort(new Error("changed my mind")) })(rows(1))).rejects.toThrow("changed my mind");
  });

  test("the context carries request id and deadline", async () => {
    const before = Date.now();
    const { requestIds, deadline } = (await method(runner, "context").with({ requestId: "r-1", timeoutMs: 5_000 })(0)) as { requestIds: string[]; deadline: number };
    expect(requestIds).toEqual(["r-1"]);
    // Wall-clock time comes in whole milliseconds, so a deadline may be one off.
    expect(deadline).toBeGreaterThanOrEqual(before + 5_000 - 1);
    expect(deadline).toBeLessThanOrEqual(Date.now() + 5_000 + 1);
    expect(await call("context", 0)).toEqual({ requestIds: [], deadline: null });
  });

  test("a result owns its memory, alone or as one of many", async () => {
    const answers = (await Promise.all([1, 2, 3].map((value) => call("double", rows(value, value))))) as NdArray[];
    const records = (await Promise.all([1, 2].map((value) => call("sum", { a: rows(value), b: rows(1) })))) as Record<string, NdArray>[];
    for (const array of [...answers, ...records.flatMap((record) => Object.values(record))]) {
      const { buffer, byteLength } = array.data as Float32Array;
      expect(buffer.byteLength).toBe(byteLength);
    }
    (answers[0] as NdArray).data.fill(0 as never);
    expect((answers[1] as NdArray).toNested()).toEqual([[4], [4]]);
  });

  test("a model that returns its own argument gives away a copy", async () => {
    const first = (await call("identity", rows(1, 2))) as NdArray;
    const second = (await call("identity", rows(3, 4))) as NdArray;
    expect([first.toNested(), second.toNested()]).toEqual([[[1], [2]], [[3], [4]]]);
  });

  test("overwriting the input right after the call changes no answer", async () => {
    const input = rows(1, 2, 3);
    const running = call("double", input);
    (input.data as Float32Array).fill(100);
    expect(((await running) as NdArray).toNested()).toEqual([[2], [4], [6]]);
    const texts = ["ab", "c"];
    const lengths = call("lengths", texts);
    texts[0] = "changed";
    expect(await lengths).toEqual([2, 1]);
  });

  if (handle !== "local") {
    test("a result that cannot be sent is the model's fault, not the caller's", async () => {
      await expect(call("unsendable", 1)).rejects.toMatchObject({ code: "INVALID_RESULT", httpStatus: 500, message: expect.stringContaining("answer") });
    });

    test("a result of the wrong length is an error, never a short answer", async () => {
      await expect(call("tooShort", rows(1, 2))).rejects.toMatchObject({ code: "WRONG_RESULT_LENGTH" });
    });

    test("concurrent calls share batches of at most maxBatchSize items", async () => {
      const sizes = (await Promise.all(Array.from({ length: 40 }, () => call("batchSize", rows(1))))) as NdArray[];
      const seen = sizes.flatMap((size) => Array.from(size.data as Int32Array));
      expect(Math.max(...seen)).toBe(4);
      expect(seen.reduce((sum, size) => sum + 1 / size, 0)).toBeLessThanOrEqual(14);
    });
  }
});
