import { InvalidArgumentError } from "../errors/index.js";
import { describeShape } from "./array-parts.js";

/** Elements in an array of this shape; 1 for a scalar. */
export function sizeOfShape(shape: readonly number[]): number {
  let size = 1;
  for (let dim = 0; dim < shape.length; dim++) size *= shape[dim] as number;
  return size;
}

/** Elements in the dims `from` up to, but not including, `to`. */
export function sizeOfDims(shape: readonly number[], from: number, to: number): number {
  let size = 1;
  for (let dim = from; dim < to; dim++) size *= shape[dim] as number;
  return size;
}

/** @throws InvalidArgumentError when `dim` is not a dim of the shape. */
export function checkDim(shape: readonly number[], dim: number, what: string): void {
  if (Number.isSafeInteger(dim) && dim >= 0 && dim < shape.length) return;
  if (shape.length === 0) {
    throw new InvalidArgumentError(
      `${what} needs dim ${String(dim)}, but a scalar (shape []) has no dims: add a batch dimension, for instance with expandDims(0).`,
    );
  }
  const cure = dim === shape.length ? " Is a batch dimension missing? Add one with expandDims." : "";
  throw new InvalidArgumentError(
    `${what} needs dim ${String(dim)}, but shape ${describeShape(shape)} has dims 0 to ${String(shape.length - 1)}.${cure}`,
  );
}

/** True when the two shapes agree in every dim but `except`. */
export function sameShapeExcept(left: readonly number[], right: readonly number[], except: number): boolean {
  if (left.length !== right.length) return false;
  for (let dim = 0; dim < left.length; dim++) if (dim !== except && left[dim] !== right[dim]) return false;
  return true;
}
