import { node, sequenceValue, tensorValue } from "../onnx-model.js";
import { serialiseModel } from "../serialise-model.js";

/**
 * From "x", float32 ["batch", 3], the output "sequence" of two such tensors.
 *
 * onnxruntime-node has no JavaScript value for a sequence, so adapters must
 * meet such models with a clear error.
 */
export function sequenceOutput(): Uint8Array {
  const shape = ["batch", 3];
  return serialiseModel({
    name: "sequence-output",
    nodes: [node("SequenceConstruct", ["x", "x"], ["sequence"])],
    initializers: [],
    inputs: [tensorValue("x", "float32", shape)],
    outputs: [sequenceValue("sequence", "float32", shape)],
  });
}
