import { InvalidArgumentError } from "../errors/index.js";
import { describeShape, type ArrayParts } from "./array-parts.js";
import type { Dtype, DtypeElement } from "./dtype.js";
import { bfloat16ToNumber, float16ToNumber } from "./half-precision.js";

/** Plain elements, or arrays of them nested as deep as the array has dims. */
export type Nested<Element> = Element | Nested<Element>[];

/** One element as the user sees it. */
export function elementAt<D extends Dtype>({ dtype, data }: ArrayParts<D>, flatIndex: number): DtypeElement<D> {
  const stored: unknown = data[flatIndex];
  return readElement(dtype, stored) as DtypeElement<D>;
}

function readElement(dtype: Dtype, stored: unknown): unknown {
  switch (dtype) {
    case "bool":
      return stored !== 0;
    case "float16":
      return float16ToNumber(stored as number);
    case "bfloat16":
      return bfloat16ToNumber(stored as number);
    default:
      return stored;
  }
}

/** Place in `data` of an element. @throws InvalidArgumentError unless there is one index for each dim, inside it. */
export function flatIndexOf(shape: readonly number[], index: readonly number[]): number {
  if (index.length !== shape.length) {
    throw new InvalidArgumentError(
      `at(${index.join(", ")}) needs one index for each of the ${String(shape.length)} dims of shape ${describeShape(shape)}; slice() takes a range.`,
    );
  }
  let flat = 0;
  for (let dim = 0; dim < shape.length; dim++) {
    const size = shape[dim] as number;
    const given = index[dim] as number;
    const place = given < 0 ? given + size : given;
    if (!Number.isSafeInteger(place) || place < 0 || place >= size) {
      throw new InvalidArgumentError(`Index ${String(given)} is outside dim ${String(dim)} of shape ${describeShape(shape)}.`);
    }
    flat = flat * size + place;
  }
  return flat;
}

export function nestedOf<D extends Dtype>(array: ArrayParts<D>): Nested<DtypeElement<D>> {
  let next = 0;
  const level = (dim: number): Nested<DtypeElement<D>> => {
    if (dim === array.shape.length) return elementAt(array, next++);
    const row: Nested<DtypeElement<D>>[] = [];
    for (let index = 0; index < (array.shape[dim] as number); index++) row.push(level(dim + 1));
    return row;
  };
  return level(0);
}
