import { InvalidArgumentError } from "../errors/index.js";
import { describeArray, type ArrayParts } from "./array-parts.js";
import { copyElements } from "./copy-elements.js";
import { allocate, type Dtype, type DtypeData } from "./dtype.js";
import { checkDim, sameShapeExcept, sizeOfDims, sizeOfShape } from "./shape.js";

/**
 * Joins arrays along `dim` into memory of its own. Dtypes are never promoted: a neighbour must not change what a caller gets.
 *
 * @throws InvalidArgumentError for no arrays, differing dtypes, or shapes that differ in another dim.
 */
export function concatParts<D extends Dtype>(arrays: readonly ArrayParts<D>[], dim: number): ArrayParts<D> {
  const first = arrays[0];
  if (first === undefined) throw new InvalidArgumentError("Cannot join no arrays: pass at least one.");
  checkDim(first.shape, dim, "Joining");
  const shape = [...first.shape];
  let joined = 0;
  for (const array of arrays) {
    checkJoins(first, array, dim);
    joined += array.shape[dim] as number;
  }
  shape[dim] = joined;
  const data = allocate(first.dtype, sizeOfShape(shape));
  if (sizeOfDims(shape, 0, dim) === 1) copyOneAfterTheOther(arrays, data);
  else copyBlocks(arrays, data, dim);
  return { dtype: first.dtype, shape, data };
}

function checkJoins(first: ArrayParts, other: ArrayParts, dim: number): void {
  if (other.dtype !== first.dtype) {
    throw new InvalidArgumentError(
      `Cannot join arrays of different dtypes, ${first.dtype} and ${other.dtype}: cast one of them first, dtypes are never promoted.`,
    );
  }
  if (sameShapeExcept(first.shape, other.shape, dim)) return;
  const rank = other.shape.length !== first.shape.length;
  const cure = rank ? "their ranks differ; is a batch dimension missing? Add a batch dimension with expandDims" : "all other dims must be equal";
  throw new InvalidArgumentError(`Cannot join ${describeArray(first)} and ${describeArray(other)} along dim ${String(dim)}: ${cure}.`);
}

/** With nothing before `dim` to repeat over, each array is one block of the result. */
function copyOneAfterTheOther(arrays: readonly ArrayParts[], target: DtypeData<Dtype>): void {
  let offset = 0;
  for (const { data } of arrays) {
    copyElements(target, offset, data, 0, data.length);
    offset += data.length;
  }
}

function copyBlocks(arrays: readonly ArrayParts[], target: DtypeData<Dtype>, dim: number): void {
  const outer = sizeOfDims((arrays[0] as ArrayParts).shape, 0, dim);
  const blocks = arrays.map(({ shape }) => sizeOfDims(shape, dim, shape.length));
  let offset = 0;
  for (let row = 0; row < outer; row++) {
    for (let index = 0; index < arrays.length; index++) {
      const block = blocks[index] as number;
      copyElements(target, offset, (arrays[index] as ArrayParts).data, row * block, block);
      offset += block;
    }
  }
}
