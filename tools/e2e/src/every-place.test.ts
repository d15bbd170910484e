import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeadlineExceededError, InvalidArgumentError, kwargs, type AnyRunner, type NdArray } from "bentoml-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EVERYTHING_METHODS, answers, echoes, plainly, refusals, rows } from "./call-table.js";
import { ARITHMETIC_METHODS, fixtureRunner, method } from "./fixtures.js";
import { Journal } from "./journal.js";
import { places, type StartedRunner } from "./places.js";

interface LateModule {
  readonly Late: new (bytes: Uint8Array) => object;
  register(): void;
}

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
    arithmetic = await start((options) => fixtureRunner("arithmetic", "Arithmetic", ARITHMETIC_METHODS, undefined, { workers: 1, maxBatchSize: 4, ...options }));
    everything = await start((options) => fixtureRunner("everything", "Everything", EVERYTHING_METHODS, undefined, { workers: 1, graceMs: 1_000, ...options }));
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
