import { dataTypeNumbers } from "../data-type.js";
import { integer, node, tensorValue } from "../onnx-model.js";
import { serialiseModel } from "../serialise-model.js";
import { float32Tensor } from "../tensor.js";

/**
 * y = 10 x, both float32 ["batch", 4]; a run throws if any element is below 0.
 *
 * Each element looks its factor up in a table with one entry: at index 0, or at
 * index 1, which does not exist, for a negative element. The runtime only
 * notices when it runs, and then the whole batch fails with the guilty row.
 */
export function failsOnNegative(): Uint8Array {
  const shape = ["batch", 4];
  return serialiseModel({
    name: "fails-on-negative",
    nodes: [
      node("Less", ["x", "zero"], ["isNegative"]),
      node("Cast", ["isNegative"], ["index"], { to: integer(dataTypeNumbers.int64) }),
      node("Gather", ["factors", "index"], ["factor"], { axis: integer(0) }),
      node("Mul", ["x", "factor"], ["y"]),
    ],
    initializers: [
      float32Tensor("zero", [], Float32Array.of(0)),
      float32Tensor("factors", [1], Float32Array.of(10)),
    ],
    inputs: [tensorValue("x", "float32", shape)],
    outputs: [tensorValue("y", "float32", shape)],
  });
}
