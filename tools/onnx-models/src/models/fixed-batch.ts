import { node, tensorValue } from "../onnx-model.js";
import { serialiseModel } from "../serialise-model.js";
import { float32Tensor } from "../tensor.js";

/** y = 2 x, both float32 [batchSize, 4]: the runtime refuses any other number of rows. */
export function fixedBatch(batchSize: number): Uint8Array {
  const shape = [batchSize, 4];
  return serialiseModel({
    name: "fixed-batch",
    nodes: [node("Mul", ["x", "two"], ["y"])],
    initializers: [float32Tensor("two", [], Float32Array.of(2))],
    inputs: [tensorValue("x", "float32", shape)],
    outputs: [tensorValue("y", "float32", shape)],
  });
}
