import type { Dtype, DtypeData } from "./dtype.js";

/** What an NdArray consists of. The functions of this room take and give parts, so that they need not know the class that is built on them. */
export interface ArrayParts<D extends Dtype = Dtype> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly data: DtypeData<D>;
}

/** "[2, 3]" */
export function describeShape(shape: readonly unknown[]): string {
  return `[${shape.map(String).join(", ")}]`;
}

/** "float32 [2, 3]" */
export function describeArray({ dtype, shape }: ArrayParts): string {
  return `${dtype} ${describeShape(shape)}`;
}

/** "index [1, 0]" for the flat index 3 of shape [2, 3]; "the only element" of a scalar. */
export function describePlace(flatIndex: number, shape: readonly number[]): string {
  if (shape.length === 0) return "the only element";
  const index: number[] = [];
  let rest = flatIndex;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    const size = shape[dim] as number;
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `index ${describeShape(index)}`;
}
