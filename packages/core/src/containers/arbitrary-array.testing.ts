import fc from "fast-check";
import { bytesPerElement, dtypes, NdArray, viewOf, type Dtype } from "../ndarray/index.js";

/** Arrays for property tests of containers: any bits, in every dtype, scalars and dims of 0 too. */
export function arrayOf(dtype: Dtype, shape: readonly number[]): fc.Arbitrary<NdArray> {
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (dtype === "string") {
    return fc.array(fc.string({ unit: "grapheme" }), { minLength: size, maxLength: size }).map((strings) => new NdArray("string", shape, strings));
  }
  const length = size * bytesPerElement(dtype);
  return fc.uint8Array({ minLength: length, maxLength: length, max: dtype === "bool" ? 1 : 255 }).map((bytes) => {
    return new NdArray(dtype, shape, viewOf(dtype, bytes.buffer, 0, size));
  });
}

const anyDtype = fc.constantFrom(...dtypes);

export const anyArray: fc.Arbitrary<NdArray> = fc
  .tuple(anyDtype, fc.array(fc.nat({ max: 4 }), { maxLength: 4 }))
  .chain(([dtype, shape]) => arrayOf(dtype, shape));

/** Arrays that differ in the size of `dim` only. */
export const joinableArrays: fc.Arbitrary<{ readonly arrays: NdArray[]; readonly dim: number }> = fc
  .tuple(anyDtype, fc.nat({ max: 2 }), fc.nat({ max: 2 }), fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 4 }))
  .chain(([dtype, before, after, sizes]) =>
    fc.record({ dim: fc.constant(before), arrays: fc.tuple(...sizes.map((size) => arrayOf(dtype, [...[3, 2].slice(0, before), size, ...[2, 3].slice(0, after)]))) }),
  );
