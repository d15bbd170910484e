import { node, tensorValue } from "../onnx-model.js";
import { serialiseModel } from "../serialise-model.js";

/** sum = a + b and difference = a - b, all float32 ["batch", 4]: two inputs, two outputs. */
export function addSub(): Uint8Array {
  const shape = ["batch", 4];
  return serialiseModel({
    name: "add-sub",
    nodes: [node("Add", ["a", "b"], ["sum"]), node("Sub", ["a", "b"], ["difference"])],
    initializers: [],
    inputs: [tensorValue("a", "float32", shape), tensorValue("b", "float32", shape)],
    outputs: [tensorValue("sum", "float32", shape), tensorValue("difference", "float32", shape)],
  });
}
