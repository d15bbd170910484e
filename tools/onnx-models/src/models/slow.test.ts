import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { slow } from "./slow.js";

const width = 256;

async function runSlow(repeats: number, x: ort.Tensor): Promise<ort.Tensor> {
  const session = await ort.InferenceSession.create(slow({ repeats }), { intraOpNumThreads: 1 });
  const { y } = await session.run({ x });
  if (y === undefined) throw new Error("The model has no output y.");
  return y;
}

describe("slow", () => {
  it.each([0, 1, 300])("moves each row by %i columns", async (repeats) => {
    const values = Float32Array.from({ length: 2 * width }, (_, index) => index);
    const y = await runSlow(repeats, new ort.Tensor("float32", values, [2, width]));
    const expected = new Float32Array(2 * width);
    for (let row = 0; row < 2; row++) {
      for (let column = 0; column < width; column++) {
        expected[row * width + ((column + repeats) % width)] = row * width + column;
      }
    }
    expect(y.dims).toEqual([2, width]);
    expect(y.data).toEqual(expected);
  });

  it("spends its time in the repeats", async () => {
    const x = new ort.Tensor("float32", new Float32Array(width), [1, width]);
    const session = await ort.InferenceSession.create(slow({ repeats: 200 }), {
      intraOpNumThreads: 1,
    });
    const start = performance.now();
    await session.run({ x });
    // Far below the usual 200 ms: only an optimised-away loop would be this fast.
    expect(performance.now() - start).toBeGreaterThan(10);
  });
});
