import * as ort from "onnxruntime-node";
import { expect, it } from "vitest";
import { orderLines } from "./order-lines.js";

it("gives four outputs of three element types for three inputs", async () => {
  const session = await ort.InferenceSession.create(orderLines());
  const results = await session.run({
    prices: new ort.Tensor("float32", [0.5, 2, 10], [1, 3]),
    pieces: new ort.Tensor("int64", [2n, 1n, 0n], [1, 3]),
    label: new ort.Tensor("string", ["tea"], [1, 1]),
  });
  expect(session.outputNames).toEqual(["costs", "total", "next", "name"]);
  expect(results["costs"]?.data).toEqual(Float32Array.of(1, 2, 0));
  expect(results["total"]).toMatchObject({ dims: [1], data: Float32Array.of(3) });
  expect(results["next"]?.data).toEqual(BigInt64Array.of(3n, 2n, 1n));
  expect(results["name"]?.data).toEqual(["tea"]);
});
