import { InvalidArgumentError } from "../errors/index.js";
import { describeShape, type ArrayParts } from "./array-parts.js";
import { copyElements } from "./copy-elements.js";
import { allocate, type Dtype, type DtypeData } from "./dtype.js";
import { checkDim, sizeOfDims, sizeOfShape } from "./shape.js";
import { checkIndices } from "./split-indices.js";

/**
 * Cuts an array along `dim` at cumulative indices. Where nothing lies before `dim` the parts are views on the array's memory,
 * otherwise copies (strings are always copied).
 *
 * @throws InvalidArgumentError when the indices do not begin with 0, fall, or do not end with the size of `dim`.
 */
export function splitParts<D extends Dtype>(array: ArrayParts<D>, indices: readonly number[], dim: number): ArrayParts<D>[] {
  checkDim(array.shape, dim, "Splitting");
  checkIndices(indices, array.shape[dim] as number);
  const parts: ArrayParts<D>[] = [];
  for (let part = 1; part < indices.length; part++) {
    parts.push(rangeOf(array, dim, indices[part - 1] as number, indices[part] as number));
  }
  return parts;
}

/**
 * The range `start` up to, but not including, `end` of one dim.
 *
 * @throws InvalidArgumentError when the range does not lie in the dim: ranges are not clamped.
 */
export function sliceParts<D extends Dtype>(array: ArrayParts<D>, dim: number, start: number, end: number): ArrayParts<D> {
  checkDim(array.shape, dim, "A slice");
  const size = array.shape[dim] as number;
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start || end > size) {
    throw new InvalidArgumentError(
      `Cannot slice ${String(start)} to ${String(end)} of dim ${String(dim)} of shape ${describeShape(array.shape)}: ` +
        `both must be integers with 0 <= start <= end <= ${String(size)}.`,
    );
  }
  return rangeOf(array, dim, start, end);
}

function rangeOf<D extends Dtype>({ dtype, shape, data }: ArrayParts<D>, dim: number, start: number, end: number): ArrayParts<D> {
  const outer = sizeOfDims(shape, 0, dim);
  const inner = sizeOfDims(shape, dim + 1, shape.length);
  const partShape = [...shape];
  partShape[dim] = end - start;
  if (outer === 1) return { dtype, shape: partShape, data: viewOfRange(data, start * inner, end * inner) };
  const stride = (shape[dim] as number) * inner;
  const block = (end - start) * inner;
  const target = allocate(dtype, sizeOfShape(partShape));
  for (let row = 0; row < outer; row++) copyElements(target, row * block, data, row * stride + start * inner, block);
  return { dtype, shape: partShape, data: target };
}

function viewOfRange<D extends Dtype>(data: DtypeData<D>, start: number, end: number): DtypeData<D> {
  return (Array.isArray(data) ? data.slice(start, end) : (data as Float32Array).subarray(start, end)) as DtypeData<D>;
}
