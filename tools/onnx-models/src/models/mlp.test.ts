import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../seeded-random.js";
import { mlp, mlpLayers, smallMlpSizes, type MlpLayer } from "./mlp.js";

/** One row through one layer, summed in float64. */
function dense(layer: MlpLayer, row: readonly number[]): number[] {
  return Array.from({ length: layer.outputSize }, (_, output) =>
    row.reduce(
      (sum, value, input) => sum + value * (layer.weights[input * layer.outputSize + output] ?? 0),
      layer.bias[output] ?? 0,
    ),
  );
}

function logitsOf(layers: readonly MlpLayer[], row: readonly number[]): number[] {
  return layers.reduce<number[]>(
    (values, layer, index) =>
      dense(layer, index === 0 ? values : values.map((value) => Math.max(0, value))),
    [...row],
  );
}

function softmaxOf(logits: readonly number[]): number[] {
  const exponentials = logits.map((logit) => Math.exp(logit));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
}

function randomRow(seed: number, length: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length }, () => Math.fround(random.uniform() - 0.5));
}

async function runRows(model: Uint8Array, rows: readonly number[][]): Promise<ort.Tensor> {
  const session = await ort.InferenceSession.create(model);
  const width = rows[0]?.length ?? 0;
  const x = new ort.Tensor("float32", Float32Array.from(rows.flat()), [rows.length, width]);
  const { y } = await session.run({ x });
  if (y === undefined) throw new Error("The model has no output y.");
  return y;
}

function expectClose(actual: ort.Tensor, expected: readonly number[]): void {
  expect(actual.data).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) {
    expect(actual.data[index]).toBeCloseTo(value, 4);
  }
}

describe("mlp", () => {
  const rows = [randomRow(1, 16), randomRow(2, 16)];
  const logits = rows.map((row) => logitsOf(mlpLayers({ sizes: smallMlpSizes, seed: 5 }), row));

  it("computes what its weights say", async () => {
    const y = await runRows(mlp({ sizes: smallMlpSizes, seed: 5 }), rows);
    expect(y.dims).toEqual([2, 3]);
    expectClose(y, logits.flat());
  });

  it("ends with a softmax on request", async () => {
    const y = await runRows(mlp({ sizes: smallMlpSizes, seed: 5, softmax: true }), rows);
    expectClose(y, logits.flatMap(softmaxOf));
  });

  it("is the same for the same seed and another one for another seed", () => {
    const first = Buffer.from(mlp({ sizes: smallMlpSizes, seed: 5 }));
    expect(first.equals(mlp({ sizes: smallMlpSizes, seed: 5 }))).toBe(true);
    expect(first.equals(mlp({ sizes: smallMlpSizes, seed: 6 }))).toBe(false);
  });

  it("refuses a network without a layer", () => {
    expect(() => mlp({ sizes: [16] })).toThrow(RangeError);
  });
});
