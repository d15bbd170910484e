import type { DataType } from "../data-type.js";
import { node, tensorValue, type Dimension } from "../onnx-model.js";
import { serialiseModel } from "../serialise-model.js";

export interface IdentityOptions {
  /** Default ["batch", 3]; [] for a scalar, numbers only for a fixed shape. */
  readonly shape?: readonly Dimension[];
}

/** y = x, both of the given element type and shape. */
export function identity(dataType: DataType, options: IdentityOptions = {}): Uint8Array {
  const shape = options.shape ?? ["batch", 3];
  return serialiseModel({
    name: `identity-${dataType}`,
    nodes: [node("Identity", ["x"], ["y"])],
    initializers: [],
    inputs: [tensorValue("x", dataType, shape)],
    outputs: [tensorValue("y", dataType, shape)],
  });
}
