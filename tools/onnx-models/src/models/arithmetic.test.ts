import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { addSub } from "./add-sub.js";
import { failsOnNegative } from "./fails-on-negative.js";
import { fixedBatch } from "./fixed-batch.js";
import { int64Sum } from "./int64-sum.js";

/** A float32 tensor [rows, 4] with these values. */
function rowsOfFour(...values: number[]): ort.Tensor {
  return new ort.Tensor("float32", Float32Array.from(values), [values.length / 4, 4]);
}

describe("addSub", () => {
  it("adds and subtracts element by element", async () => {
    const session = await ort.InferenceSession.create(addSub());
    const a = rowsOfFour(1, 2, 3, 4, 5, 6, 7, 8);
    const b = rowsOfFour(0.5, 0.25, -1, 4, 1, 1, 1, 1);
    const { sum, difference } = await session.run({ a, b });
    expect(sum).toMatchObject({ dims: [2, 4], data: Float32Array.of(1.5, 2.25, 2, 8, 6, 7, 8, 9) });
    expect(difference?.data).toEqual(Float32Array.of(0.5, 1.75, 4, 0, 4, 5, 6, 7));
  });
});

describe("int64Sum", () => {
  it("adds numbers beyond the exact range of JavaScript's number", async () => {
    const session = await ort.InferenceSession.create(int64Sum());
    const a = new ort.Tensor("int64", BigInt64Array.of(2n ** 60n, -1n, 3n), [1, 3]);
    const b = new ort.Tensor("int64", BigInt64Array.of(1n, -1n, 4n), [1, 3]);
    const { sum } = await session.run({ a, b });
    expect(sum?.data).toEqual(BigInt64Array.of(2n ** 60n + 1n, -2n, 7n));
  });
});

describe("fixedBatch", () => {
  it("doubles as many rows as it was made for", async () => {
    const session = await ort.InferenceSession.create(fixedBatch(2));
    const { y } = await session.run({ x: rowsOfFour(1, 2, 3, 4, 5, 6, 7, 8) });
    expect(y?.data).toEqual(Float32Array.of(2, 4, 6, 8, 10, 12, 14, 16));
  });

  it("refuses another number of rows", async () => {
    const session = await ort.InferenceSession.create(fixedBatch(2));
    await expect(session.run({ x: rowsOfFour(1, 2, 3, 4) })).rejects.toThrow(/dimensions/);
  });
});

describe("failsOnNegative", () => {
  it("multiplies by ten where nothing is negative", async () => {
    const session = await ort.InferenceSession.create(failsOnNegative());
    const { y } = await session.run({ x: rowsOfFour(0, 1, 2, 0.5) });
    expect(y?.data).toEqual(Float32Array.of(0, 10, 20, 5));
  });

  it("throws for a batch with one negative row and works again after it", async () => {
    const session = await ort.InferenceSession.create(failsOnNegative());
    const bad = rowsOfFour(1, 2, 3, 4, 5, -6, 7, 8);
    await expect(session.run({ x: bad })).rejects.toThrow(/out of data bounds/);
    const { y } = await session.run({ x: rowsOfFour(1, 2, 3, 4) });
    expect(y?.data).toEqual(Float32Array.of(10, 20, 30, 40));
  });
});
