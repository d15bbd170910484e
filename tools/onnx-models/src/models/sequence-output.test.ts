import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { sequenceOutput } from "./sequence-output.js";

describe("sequenceOutput", () => {
  it("loads, with an output that is no tensor", async () => {
    const session = await ort.InferenceSession.create(sequenceOutput());
    expect(session.outputMetadata).toEqual([{ name: "sequence", isTensor: false }]);
  });

  it("cannot be run by onnxruntime-node", async () => {
    const session = await ort.InferenceSession.create(sequenceOutput());
    const x = new ort.Tensor("float32", Float32Array.of(1, 2, 3), [1, 3]);
    await expect(session.run({ x })).rejects.toThrow(/Non tensor type/);
  });
});
