import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeadlineExceededError, InvalidArgumentError, NdArray, kwargs, type AnyRunner } from "bentoml-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ARITHMETIC_METHODS, fixtureRunner, method } from "./fixtures.js";
import { Journal } from "./journal.js";
import { places, type StartedRunner } from "./places.js";

const rows = (...values: number[]): NdArray => new NdArray("float32", [values.length, 1], Float32Array.from(values));
const filled = (...shape: number[]): NdArray => new NdArray("float32", shape, new Float32Array(shape.reduce((product, dim) => product * dim, 1)).fill(1));

interface LateModule {
  readonly Late: new (bytes: Uint8Array) => object;
  register(): void;
}

/** Tensors by what they say, wherever their memory lies. */
function plainly(value: unknown): unknown {
  if (NdArray.isNdArray(value)) return { dtype: value.dtype, shape: [...value.shape], values: value.toNested() };
  if (Array.isArray(value)) return value.map(plainly);
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainly(inner)]));
  }
  return value;
}

type Answer = readonly [what: string, methodName: string, args: readonly unknown[], expected: unknown];

const dates = { at: new Date(1_700_000_000_000), big: 12_345_678_901_234_567_890n, map: new Map([["a", new Set([1, 2])]]), odd: [NaN, -0, Infinity], nothing: undefined };

const echoes: readonly (readonly [what: string, value: unknown])[] = [
  ["null", null],
  ["undefined", undefined],
  ["a boolean", true],
  ["a number", 0.1],
  ["a text", "żółć \u0000 😀"],
  ["an empty text", ""],
  ["a bigint", -5n],
  ["an empty list", []],
  ["lists in lists", [[1], [[2, "x"]], []]],
  ["an empty record", {}],
  ["a record with odd keys", { "": 1, "a b": 2, toString: 3 }],
  ["what JSON cannot say", dates],
  ["bytes in a record", { bytes: Uint8Array.of(1, 2, 3), wide: BigInt64Array.of(1n, -1n) }],
  ["tensors in a list with other values", [1, NdArray.from([1, 2]), "x"]],
  ["several outputs", [NdArray.from([1, 2]), NdArray.from(["a"])]],
  ["a list of records of tensors", [{ a: NdArray.from([1]) }, { a: NdArray.from([2]) }]],
  ["a tensor without dims", new NdArray("float64", [], Float64Array.of(3))],
  ["a tensor without rows", new NdArray("int32", [0, 3], new Int32Array(0))],
  ["a tensor of many dims", filled(1, 2, 1, 2, 1, 1, 1, 2)],
  ["a record of tensors", { a: NdArray.from([[1, 2]]), b: NdArray.from(["x", "yż"]) }],
  ...(["bool", "int8", "uint16", "int64", "float16", "bfloat16", "float64", "string"] as const).map((dtype) => [`a tensor of ${dtype}`, NdArray.zeros(dtype, [2, 2])] as const),
  ["a large tensor", filled(300, 700)],
];

const answers: readonly Answer[] = [
  ...echoes.map(([what, value]): Answer => [what, "value", [value], value]),
  ["rows", "double", [rows(1, 2, 3)], rows(2, 4, 6)],
  ["one row", "double", [rows(7)], rows(14)],
  ["more rows than a batch has", "double", [rows(1, 2, 3, 4, 5, 6, 7, 8, 9)], rows(2, 4, 6, 8, 10, 12, 14, 16, 18)],
  ["a record of rows, two outputs by name", "sum", [{ a: rows(5, 7), b: rows(2, 3) }], { sum: rows(7, 10), difference: rows(3, 4) }],
  ["a side argument", "scale", [rows(1, 2), 10], rows(10, 20)],
  ["keywords", "named", [kwargs({ x: rows(1, 2), factor: 3 })], rows(3, 6)],
  ["a list of texts", "lengths", [["a", "bcd", ""]], [1, 3, 0]],
  ["a batch dim of its own", "columns", [NdArray.from([[1, 2, 3], [4, 5, 6]])], NdArray.from([[1, 2, 3], [4, 5, 6]])],
  ["no batching", "whole", [rows(1, 2)], NdArray.from([3])],
  ["no arguments", "count", [], 0],
  ["three arguments and keywords", "count", [1, [2], null, kwargs({ a: 1, "b c": 2 })], 4],
];

type Refusal = readonly [what: string, methodName: string, args: readonly unknown[], error: { readonly name: string; readonly message: RegExp; readonly code?: string }];

const refusals: readonly Refusal[] = [
  ["the model's own error", "rootOfPositive", [rows(-1)], { name: "RangeError", message: /^no root of a negative number$/ }],
  ["an error of bentoml from the model", "refuse", ["the reason"], { name: "InvalidArgumentError", message: /^the reason$/, code: "MY_CODE" }],
  ["a function as argument", "value", [() => 1], { name: "InvalidArgumentError", message: /function/, code: "INVALID_ARGUMENT" }],
  ["arguments that differ in rows", "scale", [rows(1, 2), rows(1)], { name: "InvalidArgumentError", message: /argument lengths for parameters do not match/ }],
  ["a stream called as one answer", "numbers", [3], { name: "InvalidArgumentError", message: /is a stream/ }],
];

describe.each(places)("$place", ({ place, start }) => {
  let folder: string;
  let journal: Journal;
  let arithmetic: StartedRunner;
  let everything: StartedRunner;

  const runnerOf = (name: string): AnyRunner => (name in ARITHMETIC_METHODS ? arithmetic.runner : everything.runner);
  const call = (name: string, ...args: readonly unknown[]): Promise<unknown> => method(runnerOf(name), name)(...args);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "bentoml-every-place-"));
    journal = new Journal(join(folder, "journal"));
    const methods = { value: {}, together: {}, count: {}, refuse: {}, untilAborted: {}, traced: { batchable: true }, numbers: { stream: true }, traces: { stream: true }, values: { stream: true }, failing: { stream: true } };
    arithmetic = await start((options) => fixtureRunner("arithmetic", "Arithmetic", ARITHMETIC_METHODS, undefined, { workers: 1, maxBatchSize: 4, ...options }));
    everything = await start((options) => fixtureRunner("everything", "Everything", methods, undefined, { workers: 1, graceMs: 1_000, ...options }));
  });
  afterAll(async () => {
    await Promise.all([arithmetic, everything].map((started) => started.stop()));
    rmSync(folder, { recursive: true, force: true });
  });


  test.each(answers)("%s", async (_what, name, args, expected) => {
    expect(plainly(await call(name, ...args))).toEqual(plainly(expected));
  });

  test.each(refusals)("%s is refused", async (_what, name, args, { name: className, message, code }) => {
    const error = await call(name, ...args).then(
      () => expect.unreachable("it was answered"),
      (reason: unknown) => reason as Error & { code?: string },
    );
    expect([error.name, error.message]).toEqual([className, expect.stringMatching(message)]);
    if (code !== undefined) expect(error.code).toBe(code);
  });

  test("all of this at once, each twice: every call has its own answer or its own error", async () => {
    // A server tells with its first answer that calls of one turn may travel together.
    await Promise.all([arithmetic, everything].map(({ runner }) => runner.runnerHandleIsReady(10_000)));
    const settled = (name: string, args: readonly unknown[]): Promise<unknown> => call(name, ...args).then(plainly, (error: unknown) => ({ refused: (error as Error).name, message: (error as Error).message }));
    const twice = [...answers, ...answers].map(([, name, args, expected]) => ({ got: settled(name, args), expected: plainly(expected) }));
    const refused = [...refusals, ...refusals].map(([, name, args, { name: className, message }]) => ({ got: settled(name, args), expected: { refused: className, message: expect.stringMatching(message) as unknown } }));
    for (const { got, expected } of [...twice, ...refused]) expect(await got).toEqual(expected);
  });

  test("many callers at once get each his own", async () => {
    const asked = Array.from({ length: 40 }, (_, index) => index);
    const got = await Promise.all(asked.map((value) => call("double", rows(value, value + 0.5))));
    expect(got.map(plainly)).toEqual(asked.map((value) => plainly(rows(value * 2, value * 2 + 1))));
  });

  test("a result owns its memory, and the caller may reuse his array at once", async () => {
    const x = rows(1, 2);
    const answer = call("identity", x);
    x.data.fill(9 as never);
    const result = (await answer) as NdArray<"float32">;
    expect([result.toNested(), result.data.buffer.byteLength]).toEqual([[[1], [2]], 8]);
  });

  test("so he may while a container of another argument takes its time", async () => {
    const { Late, register } = (await import(new URL("../fixtures/late.mjs", import.meta.url).href)) as LateModule;
    register();
    for (const asKeyword of [false, true]) {
      const bytes = Uint8Array.of(1, 2);
      const x = rows(1, 2);
      const answer = call("together", new Late(bytes), asKeyword ? kwargs({ other: x }) : x);
      bytes.fill(9);
      x.data.fill(9 as never);
      expect(plainly(await answer)).toEqual([[1, 2], plainly(rows(1, 2))]);
    }
  });

  test("a call whose argument takes its time ends, too, when it is aborted or its runner destroyed meanwhile", async () => {
    const { Late, register } = (await import(new URL("../fixtures/late.mjs", import.meta.url).href)) as LateModule;
    register();
    const passing = await start((options) => fixtureRunner("everything", "Everything", { together: {} }, undefined, { workers: 1, ...options }));
    const together = method(passing.runner, "together");
    expect(plainly(await together(new Late(Uint8Array.of(1)), rows(2)))).toEqual([[1], plainly(rows(2))]);
    const controller = new AbortController();
    const aborted = together.with({ signal: controller.signal })(new Late(Uint8Array.of(1)), rows(2)).catch((error: unknown) => error);
    const reason = new Error("not wanted any more");
    controller.abort(reason);
    expect(await aborted).toBe(reason);
    const late = together(new Late(Uint8Array.of(1)), rows(2)).catch((error: unknown) => (error as { code: string }).code);
    await passing.stop();
    expect(await late).toBe("STATE_ERROR");
  });

  test("request id and deadline reach the method", async () => {
    const before = Date.now();
    const { requestIds, deadline } = (await method(arithmetic.runner, "context").with({ requestId: "r-1", timeoutMs: 60_000 })("x")) as { requestIds: string[]; deadline: number };
    expect(requestIds).toEqual(["r-1"]);
    expect(deadline).toBeGreaterThan(before + 59_000);
    expect(deadline).toBeLessThan(Date.now() + 60_000 * (17 / 16));
  });

  test("the trace of a call reaches the method, of a stream too; what is no trace does not", async () => {
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    for (const traceContext of [{ traceparent, tracestate: "vendor=1" }, { traceparent }]) {
      expect(await method(everything.runner, "traced").with({ traceContext })(["x"])).toEqual([[traceContext]]);
      expect((await method(everything.runner, "traces").with({ traceContext }).stream(0).next()).value).toEqual(traceContext);
    }
    expect(await method(everything.runner, "traced").with({ traceContext: { traceparent: "mine" } })(["x"])).toEqual([[]]);
    expect(await call("traced", ["x"])).toEqual([[]]);
  });

  test("calls of several traces in one batch keep each its own", async () => {
    const traces = [1, 2, 3].map((number) => ({ traceparent: `00-${String(number).padStart(32, "0")}-b7ad6b7169203331-01`, tracestate: `vendor=${String(number)}` }));
    const answers = (await Promise.all(traces.map((traceContext) => method(everything.runner, "traced").with({ traceContext })(["x"])))) as unknown[][][];
    for (const [index, [ofBatch]] of answers.entries()) expect(ofBatch).toContainEqual(traces[index]);
    // Of one turn, to an idle worker.
    if (place.startsWith("worker")) expect(answers).toEqual(traces.map((): unknown => [expect.arrayContaining(traces)]));
  });

  test("items of a stream, of any kind, then its end", async () => {
    const items: unknown[] = [];
    for await (const item of method(everything.runner, "values").stream(echoes.map(([, value]) => value))) items.push(item);
    expect(items.map(plainly)).toEqual(echoes.map(([, value]) => plainly(value)));
  });

  test("an error in the middle of a stream comes after the items before it", async () => {
    const stream = method(everything.runner, "failing").stream(2);
    expect([(await stream.next()).value, (await stream.next()).value]).toEqual([0, 1]);
    await expect(stream.next()).rejects.toMatchObject({ name: "RangeError", message: "no item 2" });
    expect((await stream.next()).done).toBe(true);
  });

  test("leaving a stream lets the next call in", async () => {
    for await (const item of method(everything.runner, "numbers").stream(Infinity)) if (item === 3) break;
    expect(await call("value", "next")).toBe("next");
  });

  test("a deadline ends a call and stops the method; an abort gives its reason and does the same", async () => {
    const wait = method(everything.runner, "untilAborted");
    // First, while nobody knows how long the method takes: later such a call could be refused on arrival.
    await expect(wait.with({ timeoutMs: 200 })(journal.file)).rejects.toThrow(DeadlineExceededError);
    await journal.until("aborted", 1);
    const controller = new AbortController();
    const aborted = wait.with({ signal: controller.signal })(journal.file).catch((error: unknown) => error);
    await journal.until("begun", 2);
    const reason = new Error("not wanted any more");
    controller.abort(reason);
    expect(await aborted).toBe(reason);
    await journal.until("aborted", 2);
    await expect(wait.with({ signal: AbortSignal.abort(reason) })(journal.file)).rejects.toBe(reason);
  });

  test("a call after destroy is refused", async () => {
    const passing = await start((options) => fixtureRunner("arithmetic", "Arithmetic", ARITHMETIC_METHODS, undefined, { workers: 1, ...options }));
    expect(await passing.runner.runnerHandleIsReady(10_000)).toBe(true);
    await passing.stop();
    expect(await passing.runner.runnerHandleIsReady()).toBe(false);
    await expect(method(passing.runner, "double")(rows(1))).rejects.toMatchObject({ code: "RUNNER_NOT_INITIALIZED" });
  });

  test("what prepare refuses goes nowhere", async () => {
    const prepared = await start((options) =>
      fixtureRunner("everything", "Everything", { value: {} }, undefined, {
        workers: 1,
        ...options,
        prepare: () => {
          throw new InvalidArgumentError("not even tried");
        },
      }),
    );
    await expect(method(prepared.runner, "value")("x")).rejects.toThrow("not even tried");
    await prepared.stop();
  });
});
