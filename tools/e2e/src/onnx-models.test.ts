import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixedBatch, mlp, orderLines } from "@bentoml-tools/onnx-models";
import { ModelStore, NdArray, kwargs, type AnyRunner, type NamedTensors } from "bentoml-core";
import { get, saveModel, type OnnxRunnerOptions } from "bentoml-onnx";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { method } from "./fixtures.js";
import { places } from "./places.js";

const folder = mkdtempSync(join(tmpdir(), "bentoml-onnx-models-"));
const store = new ModelStore(folder);
const orderCount = 30;

beforeAll(async () => {
  await saveModel("orders:1", orderLines(), { store });
  await saveModel("fixed:1", fixedBatch(4), { store });
  await saveModel("apart:1", mlp({ sizes: [16, 256, 3] }), { store, externalWeights: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runnerOf = (tag: string, options: OnnxRunnerOptions & Record<string, unknown> = {}): AnyRunner =>
  get(tag, { store }).toRunner(options) as unknown as AnyRunner;

const run = (runner: AnyRunner, ...args: readonly unknown[]): Promise<unknown> => method(runner, "run")(...args);

/** Rows of orders, from this one on. */
function orders(first: number, count: number): NamedTensors {
  const numbers = Array.from({ length: count }, (_, index) => first + index);
  return {
    prices: NdArray.from(numbers.map((number) => [number, 0.5, 2]), "float32"),
    pieces: NdArray.from(numbers.map((number) => [1, 2, number]), "int64"),
    label: NdArray.from(numbers.map((number) => [`order ${String(number)} ☕`])),
  };
}

function costsOf(first: number, count: number): NamedTensors {
  const numbers = Array.from({ length: count }, (_, index) => first + index);
  return {
    costs: NdArray.from(numbers.map((number) => [number, 1, 2 * number]), "float32"),
    total: NdArray.from(numbers.map((number) => 3 * number + 1), "float32"),
    next: NdArray.from(numbers.map((number) => [2, 3, number + 1]), "int64"),
    name: NdArray.from(numbers.map((number) => [`order ${String(number)} ☕`])),
  };
}

describe.each(places)("$place", ({ start }) => {
  test("three inputs and four outputs, many callers at once", async () => {
    const { runner, stop } = await start((options) => runnerOf("orders:1", { workers: 2, ...options }));
    const numbers = Array.from({ length: orderCount }, (_, index) => index);
    const results = await Promise.all(
      numbers.map((number) => {
        const rows = orders(number, 1 + (number % 3));
        const forms: readonly (readonly unknown[])[] = [[rows], Object.values(rows), [kwargs(rows)]];
        return run(runner, ...(forms[number % forms.length] ?? []));
      }),
    );
    expect(results).toEqual(numbers.map((number) => costsOf(number, 1 + (number % 3))));
    expect(Object.keys(results[0] as NamedTensors)).toEqual(["costs", "total", "next", "name"]);
    await stop();
  });

  test("two outputs of four, in the order of the choice", async () => {
    const { runner, stop } = await start((options) => runnerOf("orders:1", { outputs: ["name", "total"], workers: 1, ...options }));
    const { name, total } = costsOf(5, 2);
    const result = (await run(runner, orders(5, 2))) as NamedTensors;
    expect(Object.entries(result)).toEqual(Object.entries({ name, total }));
    await stop();
  });

  test("a graph of four rows answers any number of rows", async () => {
    const { runner, stop } = await start((options) => runnerOf("fixed:1", { padTo: 4, workers: 2, ...options }));
    const counts = [1, 4, 2, 3, 9, 1, 1];
    const rows = counts.map((count, place) => new NdArray("float32", [count, 4], new Float32Array(count * 4).fill(place)));
    const doubled = counts.map((count, place) => new NdArray("float32", [count, 4], new Float32Array(count * 4).fill(2 * place)));
    expect(await Promise.all(rows.map((each) => run(runner, each)))).toEqual(doubled);
    await stop();
  });

  test("shared weights give what weights of each worker's own give", async () => {
    const own = await start((options) => runnerOf("apart:1", { workers: 1, ...options }));
    const sharing = await start((options) => runnerOf("apart:1", { workers: 2, shareWeights: true, ...options }));
    const x = new NdArray("float32", [3, 16], Float32Array.from({ length: 48 }, (_, index) => Math.cos(index)));
    const expected = (await run(own.runner, x)) as NdArray<"float32">;
    const actual = (await run(sharing.runner, x)) as NdArray<"float32">;
    expect(actual.shape).toEqual([3, 3]);
    for (const [place, value] of actual.data.entries()) expect(value).toBeCloseTo(expected.data[place] as number, 4);
    await Promise.all([own.stop(), sharing.stop()]);
  });
});

test.each(["thread", "process"] as const)("two workers (%s) calibrate once, and the next start uses the result", async (isolation) => {
  vi.stubEnv("BENTOML_HOME", join(folder, `home-${isolation}`));
  for (const calibration of ["measured", "kept"]) {
    const runner = runnerOf("apart:1", { calibrate: true, workers: 2, isolation });
    await runner.init();
    expect(await run(runner, NdArray.zeros("float32", [1, 16]))).toMatchObject({ shape: [1, 3] });
    expect([calibration, "kept"]).toContain(runner.facts["calibration"]);
    expect(readdirSync(join(folder, `home-${isolation}`, "cache", "bentoml-onnx"))).toHaveLength(1);
    await runner.destroy();
  }
  vi.unstubAllEnvs();
});
