import { integer, node, subgraph, tensorValue, type Graph } from "../onnx-model.js";
import { serialiseModel } from "../serialise-model.js";
import { boolTensor, float32Tensor, int64Tensor } from "../tensor.js";

export interface SlowOptions {
  /** Matrix products in one run. Default 100. */
  readonly repeats?: number;
}

/** Columns of the input and the output. */
const width = 256;

/** Rows multiplied along with the input's own, so that one row is already slow. */
const fillerRows = 1024;

/**
 * A model whose run takes long, and about as long for 1 row as for 64:
 * about 1 ms for each repeat on one thread (0.8 to 1.4 ms on a shared Xeon core).
 *
 * "x", float32 ["batch", 256], to "y" of the same shape. Each repeat moves
 * every row by one column to the right, the last column to the front, so that
 * y[row, (column + repeats) % 256] = x[row, column] exactly. The work is a full
 * matrix product all the same, and since each one needs the result of the one
 * before and the input takes part in all, no optimiser can leave any out.
 */
export function slow(options: SlowOptions = {}): Uint8Array {
  const shape = ["batch", width];
  return serialiseModel({
    name: "slow",
    nodes: [
      node("Shape", ["x"], ["inputShape"]),
      node("Slice", ["inputShape", "zero", "one"], ["inputRows"]),
      node("Concat", ["x", "filler"], ["start"], { axis: integer(0) }),
      node("Loop", ["repeats", "proceed", "start"], ["end"], { body: subgraph(shiftOnce()) }),
      node("Slice", ["end", "zero", "inputRows", "zero"], ["y"]),
    ],
    initializers: [
      int64Tensor("zero", [1], [0]),
      int64Tensor("one", [1], [1]),
      int64Tensor("repeats", [], [options.repeats ?? 100]),
      boolTensor("proceed", [], [true]),
      float32Tensor("filler", [fillerRows, width], new Float32Array(fillerRows * width).fill(1)),
      float32Tensor("shift", [width, width], shiftMatrix()),
    ],
    inputs: [tensorValue("x", "float32", shape)],
    outputs: [tensorValue("y", "float32", shape)],
  });
}

/** The loop's body: its inputs and outputs stand in the order that ONNX's Loop prescribes. */
function shiftOnce(): Graph {
  const shape = ["rows", width];
  return {
    name: "shift-once",
    nodes: [
      node("Identity", ["proceedIn"], ["proceedOut"]),
      node("MatMul", ["current", "shift"], ["next"]),
    ],
    initializers: [],
    inputs: [
      tensorValue("iteration", "int64", []),
      tensorValue("proceedIn", "bool", []),
      tensorValue("current", "float32", shape),
    ],
    outputs: [tensorValue("proceedOut", "bool", []), tensorValue("next", "float32", shape)],
  };
}

/** The permutation matrix [width, width] with 1 at [column, column + 1]. */
function shiftMatrix(): Float32Array {
  const matrix = new Float32Array(width * width);
  for (let column = 0; column < width; column++) {
    matrix[column * width + ((column + 1) % width)] = 1;
  }
  return matrix;
}
