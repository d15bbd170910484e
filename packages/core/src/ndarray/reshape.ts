import { InvalidArgumentError } from "../errors/index.js";
import { describeShape, type ArrayParts } from "./array-parts.js";
import { sizeOfShape } from "./shape.js";

/** The shape with its -1, if any, worked out. @throws InvalidArgumentError when the sizes differ. */
export function reshaped(array: ArrayParts, shape: readonly number[]): readonly number[] {
  const size = array.data.length;
  const unknown = shape.indexOf(-1);
  const known = sizeOfShape(shape.filter((dim) => dim !== -1));
  const filled = unknown < 0 ? shape : shape.with(unknown, known === 0 ? 0 : size / known);
  if (sizeOfShape(filled) === size && filled.every((dim) => Number.isSafeInteger(dim) && dim >= 0)) return filled;
  throw new InvalidArgumentError(
    `Cannot reshape ${describeShape(array.shape)} (${String(size)} elements) to ${describeShape(shape)}: ` +
      "the sizes must be equal, and at most one dim may be -1.",
  );
}

/** The shape with a 1 put before `dim`. @throws InvalidArgumentError when `dim` is not 0 to rank. */
export function expandedShape(shape: readonly number[], dim: number): readonly number[] {
  if (!Number.isSafeInteger(dim) || dim < 0 || dim > shape.length) {
    throw new InvalidArgumentError(`A dim can be added to shape ${describeShape(shape)} at 0 to ${String(shape.length)}, not at ${String(dim)}.`);
  }
  return shape.toSpliced(dim, 0, 1);
}
