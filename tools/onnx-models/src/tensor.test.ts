import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { integer, node, tensorValue } from "./onnx-model.js";
import { serialiseModel } from "./serialise-model.js";
import { float32Tensor, int64Tensor, stringTensor } from "./tensor.js";

describe("stringTensor", () => {
  it("is a constant whose entries a model can look up", async () => {
    const model = serialiseModel({
      name: "labels",
      nodes: [node("Gather", ["labels", "index"], ["label"], { axis: integer(0) })],
      initializers: [stringTensor("labels", [3], ["cat", "", "pferd 🐎"])],
      inputs: [tensorValue("index", "int64", ["batch"])],
      outputs: [tensorValue("label", "string", ["batch"])],
    });
    const session = await ort.InferenceSession.create(model);
    const index = new ort.Tensor("int64", BigInt64Array.of(2n, 1n, 0n), [3]);
    const { label } = await session.run({ index });
    expect(label?.data).toEqual(["pferd 🐎", "", "cat"]);
  });
});

describe("tensors", () => {
  it("keep only the part of the buffer that a view shows", () => {
    const whole = Float32Array.of(1, 2, 3, 4);
    const { data } = float32Tensor("middle", [2], whole.subarray(1, 3));
    expect(data).toHaveLength(8);
  });

  it("refuse a number of elements that does not fit the shape", () => {
    expect(() => int64Tensor("pair", [2], [1, 2, 3])).toThrow(/needs 2 elements, got 3/);
    expect(() => stringTensor("scalar", [], [])).toThrow(/needs 1 elements, got 0/);
  });
});
