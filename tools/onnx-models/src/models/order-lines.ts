import { integer, node, tensorValue } from "../onnx-model.js";
import { serialiseModel } from "../serialise-model.js";
import { int64Tensor } from "../tensor.js";

/**
 * Three inputs and four outputs of several element types, one row for each order: "prices" float32 ["batch", 3], "pieces" int64
 * ["batch", 3] and "label" string ["batch", 1] to "costs" = prices x pieces, "total" float32 ["batch"] = the costs' sum, "next" =
 * pieces + 1, and "name" = label.
 */
export function orderLines(): Uint8Array {
  const cells = ["batch", 3];
  return serialiseModel({
    name: "order-lines",
    nodes: [
      node("Cast", ["pieces"], ["count"], { to: integer(1) }),
      node("Mul", ["prices", "count"], ["costs"]),
      node("ReduceSum", ["costs", "columns"], ["total"], { keepdims: integer(0) }),
      node("Add", ["pieces", "one"], ["next"]),
      node("Identity", ["label"], ["name"]),
    ],
    initializers: [int64Tensor("columns", [1], [1]), int64Tensor("one", [], [1])],
    inputs: [tensorValue("prices", "float32", cells), tensorValue("pieces", "int64", cells), tensorValue("label", "string", ["batch", 1])],
    outputs: [
      tensorValue("costs", "float32", cells),
      tensorValue("total", "float32", ["batch"]),
      tensorValue("next", "int64", cells),
      tensorValue("name", "string", ["batch", 1]),
    ],
  });
}
