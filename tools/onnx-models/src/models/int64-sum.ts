import { node, tensorValue } from "../onnx-model.js";
import { serialiseModel } from "../serialise-model.js";

/** sum = a + b, all int64 ["batch", 3]: numbers that JavaScript holds as bigint. */
export function int64Sum(): Uint8Array {
  const shape = ["batch", 3];
  return serialiseModel({
    name: "int64-sum",
    nodes: [node("Add", ["a", "b"], ["sum"])],
    initializers: [],
    inputs: [tensorValue("a", "int64", shape), tensorValue("b", "int64", shape)],
    outputs: [tensorValue("sum", "int64", shape)],
  });
}
