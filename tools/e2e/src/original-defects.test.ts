import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NdArray, kwargs, type AnyRunner } from "bentoml-core";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fixtureRunner, method } from "./fixtures.js";
import { places, type StartedRunner } from "./places.js";

interface FussyModule {
  readonly Fussy: new (items: readonly string[], failsIn?: string) => Fussy;
  register(): void;
}
interface Fussy {
  readonly items: readonly string[];
}

const rows = (...values: number[]): NdArray => new NdArray("float32", [values.length, 1], Float32Array.from(values));
const METHODS = { rows: { batchable: true }, items: { batchable: true }, spoiled: { batchable: true } };
const TEN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** Long for a call that is answered at once, and short for a test: a wedged runner fails by it, not by the test's own limit. */
const timeoutMs = 20_000;

let fussy: (items: readonly string[], failsIn?: string) => Fussy;

beforeAll(async () => {
  // The very module that the workers import.
  const module = (await import(new URL("../fixtures/fussy.mjs", import.meta.url).href)) as FussyModule;
  module.register();
  fussy = (items, failsIn) => new module.Fussy(items, failsIn);
});

describe.each(places.filter(({ place }) => place !== "local"))("defects of the original, $place", ({ place, start }) => {
  let folder: string;
  let started: StartedRunner;
  let runner: AnyRunner;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "bentoml-defects-"));
    started = await start((options) => fixtureRunner("recorded", "Recorded", METHODS, { folder }, { workers: 1, maxBatchSize: 4, ...options }));
    runner = started.runner;
  });
  afterEach(async () => {
    open();
    await started.stop();
    rmSync(folder, { recursive: true });
  });

  const call = (name: string, ...args: readonly unknown[]): Promise<unknown> => method(runner, name).with({ timeoutMs })(...args);
  const runs = (): string[] => (existsSync(join(folder, "runs")) ? readFileSync(join(folder, "runs"), "utf8").trim().split("\n") : []);
  const untilRun = async (count: number): Promise<void> => {
    while (runs().length < count) await new Promise<void>((resolve) => setImmediate(resolve));
  };
  /** From now on a batch that has begun does not end. */
  const close = (): void => writeFileSync(join(folder, "closed"), "");
  const open = (): void => rmSync(join(folder, "closed"), { force: true });
  /** A caller with nothing wrong is answered, and nobody is left in the queue. */
  const expectHealthy = async (): Promise<void> => {
    expect(((await call("rows", rows(1, 2))) as NdArray).toNested()).toEqual([[1], [2]]);
    expect(((await call("items", fussy(["a"]))) as Fussy).items).toEqual(["a"]);
    expect(runner.stats()).toMatchObject({ queuedCalls: 0, queuedItems: 0 });
  };

  test.each([
    { form: "positional", args: [rows(...TEN)] },
    { form: "keyword", args: [kwargs({ x: rows(...TEN) })] },
  ])("D1, 8.5: a call of 10 items with a $form argument runs in batches of 4, 4 and 2, and the next calls are answered too", async ({ args }) => {
    expect(((await call("rows", ...args)) as NdArray).toNested()).toEqual(TEN.map((value) => [value]));
    expect(runs()).toEqual(["1 2 3 4", "5 6 7 8", "9 10"]);
    await expectHealthy();
  });

  test("8.5: calls of 3, 3 and 3 items at once get each its own; a call that fits into a batch is not cut to fill one", async () => {
    const answers = await Promise.all([[1, 2, 3], [4, 5, 6], [7, 8, 9]].map((values) => call("rows", rows(...values))));
    expect(answers.map((answer) => (answer as NdArray).toNested())).toEqual([[[1], [2], [3]], [[4], [5], [6]], [[7], [8], [9]]]);
    expect(runs().sort()).toEqual(["1 2 3", "4 5 6", "7 8 9"]);
  });

  const six = ["a", "b", "c", "d", "e", "f"];
  test.each([
    { failsIn: "getBatchSize", items: ["a"] },
    { failsIn: "toPayload", items: ["a"] },
    { failsIn: "toPayload, later", items: ["a"] },
    { failsIn: "fromPayload", items: ["a"] },
    { failsIn: "batchesToBatch", items: ["a"] },
    { failsIn: "batchToBatches", items: six },
    { failsIn: "fromPayload", items: six },
  ])("D1b: $items.length item(s) whose container fails in $failsIn fail alone, with its reason, and leave no place taken", async ({ failsIn, items }) => {
    for (let round = 0; round < 3; round++) {
      const bad = call("items", fussy(items, failsIn));
      const good = ["x", "y"].map((item) => call("items", fussy([item])));
      // Alone in its batch it has not to be joined: then it is answered.
      if (failsIn === "batchesToBatch") expect(((await bad) as Fussy).items).toEqual(items);
      else await expect(bad).rejects.toThrow(/failed/);
      expect((await Promise.all(good)).map((answer) => (answer as Fussy).items)).toEqual([["x"], ["y"]]);
    }
    await expectHealthy();
  });

  // Over a connection two calls need not share a batch.
  test.runIf(place.startsWith("worker"))("D1b: a batch whose result cannot be cut fails, and leaves no place taken", async () => {
    await Promise.all(["x", "y"].map((item) => expect(call("spoiled", fussy([item]))).rejects.toThrow("batchToBatches failed")));
    await expectHealthy();
  });

  test("D1c: a call whose caller leaves before its turn never runs, be there others in its batch or not", async () => {
    close();
    const first = call("rows", rows(1));
    await untilRun(1);
    const leave = new AbortController();
    const left = [2, 3].map((value) => method(runner, "rows").with({ signal: leave.signal })(rows(value)));
    const stays = call("rows", rows(4));
    leave.abort(new Error("left"));
    await Promise.all(left.map((gone) => expect(gone).rejects.toThrow("left")));
    open();
    await Promise.all([first, stays]);
    expect(runs()).toEqual(["1", "4"]);
    await expectHealthy();
  });
});
