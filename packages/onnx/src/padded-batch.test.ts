import { fixedBatch } from "@bentoml-tools/onnx-models";
import { NdArray, type NamedTensors } from "bentoml-core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { saveModel } from "./index.js";
import { runPadded, type Padding } from "./padded-batch.js";
import { temporaryStore } from "./testing/temporary-store.js";

const temporary = temporaryStore();

/** A graph that takes exactly so many rows, and gives them back twice. */
function graphOf({ rows, batchDim: [inputDim] }: Padding): { run: (feeds: NamedTensors) => Promise<NamedTensors>; seen: NdArray[] } {
  const seen: NdArray[] = [];
  const run = (feeds: NamedTensors): Promise<NamedTensors> => {
    const x = feeds["x"] as NdArray;
    expect(x.shape[inputDim]).toBe(rows);
    seen.push(x);
    return Promise.resolve({ y: x.clone(), same: x.clone() });
  };
  return { run, seen };
}

describe("runPadded", () => {
  test("gives back as many rows as it gets, the same ones, whatever the lengths", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(20), fc.integer({ min: 1, max: 7 }), fc.constantFrom(0, 1), async (given, rows, dim) => {
        const shape = dim === 0 ? [given, 2] : [2, given];
        const x = new NdArray("float32", shape, Float32Array.from({ length: 2 * given }, (_, index) => index));
        const padding: Padding = { rows, batchDim: [dim, dim] };
        const { run, seen } = graphOf(padding);
        const result = await runPadded({ x }, padding, run);
        for (const array of Object.values(result)) {
          expect(array).toEqual(x);
          expect(array.owned()).toBe(array);
        }
        expect(seen).toHaveLength(Math.max(1, Math.ceil(given / rows)));
      }),
    );
  });

  test("fills up with the last row, and with zeros where there is none", async () => {
    const padding: Padding = { rows: 3, batchDim: [0, 0] };
    const { run, seen } = graphOf(padding);
    await runPadded({ x: NdArray.from([["a"], ["b"]]) }, padding, run);
    await runPadded({ x: NdArray.zeros("string", [0, 1]) }, padding, run);
    expect(seen.map((array) => array.toNested())).toEqual([[["a"], ["b"], ["b"]], [[""], [""], [""]]]);
  });

  test("passes a full batch on as it is", async () => {
    const padding: Padding = { rows: 2, batchDim: [0, 0] };
    const { run, seen } = graphOf(padding);
    const x = NdArray.from([[1], [2]], "float32");
    await runPadded({ x }, padding, run);
    expect(seen[0]).toBe(x);
  });
});

describe("a model of four rows", () => {
  const row = NdArray.from([[1, 2, 3, 4]], "float32");

  test("runs any number of rows by padTo, in this thread too", async () => {
    const model = await saveModel("fixed", fixedBatch(4), { store: temporary.store });
    await using runner = model.toRunner({ padTo: 4, embedded: true });
    expect(((await runner.run(row)) as NdArray).toNested()).toEqual([[2, 4, 6, 8]]);
    expect(((await runner.run([[1, 1, 1, 1], [0, 0, 0, 2]])) as NdArray).toNested()).toEqual([[2, 2, 2, 2], [0, 0, 0, 4]]);
    expect(((await runner.run(new Float32Array(24).fill(1))) as NdArray).shape).toEqual([6, 4]);
    expect(model.toRunnable({ padTo: 4 }).methods["run"]).toMatchObject({ batchable: true, maxBatchSize: 4 });
  });

  test("takes exactly four without it", async () => {
    const model = await saveModel("fixed", fixedBatch(4), { store: temporary.store });
    await using runner = model.toRunner({ embedded: true });
    await expect(runner.run(row)).rejects.toThrow(/"x" wants shape \[4, 4\] and was given \[1, 4\]/);
    await using padded = model.toRunner({ padTo: 4, embedded: true });
    await expect(padded.run(NdArray.zeros("float32", [1, 3]))).rejects.toThrow(/"x" wants shape \[batch, 4\] and was given \[1, 3\]/);
    await expect(padded.run(NdArray.zeros("float32", [4]))).rejects.toThrow("add a batch dimension");
  });

  test("says which number padTo must be, or that none is needed", async () => {
    const model = await saveModel("fixed", fixedBatch(4), { store: temporary.store });
    expect(() => model.toRunner({ padTo: 8 })).toThrow(/padTo is 8, but dimension 0 of the input "x" \[4, 4\] of fixed:\w+ is fixed to 4: say padTo: 4\./);
    expect(() => model.toRunner({ padTo: 0 })).toThrow(/padTo is 0: it must be a whole number of rows/);
  });
});
