import { node, tensorValue } from "../onnx-model.js";
import { serialiseModel } from "../serialise-model.js";

/** The table of the model, in a file beside it. */
export interface BigTable {
  readonly rows: number;
  readonly columns: number;
}

/** The file with the table: float32, row-major. */
export const bigTableWeights = "table.bin";

/** row = table[id], float32 ["batch", columns], for "id" int64 ["batch"]: a model may be far larger than 2 GB so. */
export function bigTable({ rows, columns }: BigTable): Uint8Array {
  return serialiseModel({
    name: "big-table",
    nodes: [node("Gather", ["table", "id"], ["row"])],
    initializers: [{ name: "table", dataType: "float32", dimensions: [rows, columns], data: { location: bigTableWeights } }],
    inputs: [tensorValue("id", "int64", ["batch"])],
    outputs: [tensorValue("row", "float32", ["batch", columns])],
  });
}
