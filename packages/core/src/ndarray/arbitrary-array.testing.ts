import fc from "fast-check";
import { allocate, dtypes, type Dtype } from "./dtype.js";
import { NdArray } from "./nd-array.js";

/** Arrays for property tests: every dtype, scalars and dims of 0 too. */
const elementOf: Readonly<Record<Dtype, fc.Arbitrary<unknown>>> = {
  bool: fc.integer({ min: 0, max: 1 }),
  int8: fc.integer({ min: -128, max: 127 }),
  int16: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
  int32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  uint8: fc.integer({ min: 0, max: 255 }),
  uint16: fc.integer({ min: 0, max: 2 ** 16 - 1 }),
  uint32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  float16: fc.integer({ min: 0, max: 2 ** 16 - 1 }),
  bfloat16: fc.integer({ min: 0, max: 2 ** 16 - 1 }),
  float32: fc.float(),
  float64: fc.double(),
  string: fc.string({ unit: "grapheme" }),
};

export function arrayOf<D extends Dtype>(dtype: D, shape: readonly number[]): fc.Arbitrary<NdArray<D>> {
  const size = shape.reduce((product, dim) => product * dim, 1);
  return fc.array(elementOf[dtype], { minLength: size, maxLength: size }).map((elements) => {
    const data = allocate(dtype, size);
    elements.forEach((element, index) => ((data as unknown[])[index] = element));
    return new NdArray(dtype, shape, data);
  });
}

export const anyDtype: fc.Arbitrary<Dtype> = fc.constantFrom(...dtypes);

export function anyShape(minRank: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 0, max: 4 }), { minLength: minRank, maxLength: 4 });
}

export const anyArray: fc.Arbitrary<NdArray> = fc
  .tuple(anyDtype, anyShape(0))
  .chain(([dtype, shape]) => arrayOf(dtype, shape));

export interface Joinable {
  readonly arrays: NdArray[];
  readonly dim: number;
}

/** Arrays that differ in the size of one dim only. */
export const joinableArrays: fc.Arbitrary<Joinable> = fc.tuple(anyDtype, anyShape(1)).chain(([dtype, shape]) =>
  fc.integer({ min: 0, max: shape.length - 1 }).chain((dim) =>
    fc.record({
      dim: fc.constant(dim),
      arrays: fc
        .array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 4 })
        .chain((sizes) => fc.tuple(...sizes.map((size) => arrayOf(dtype, shape.with(dim, size))))),
    }),
  ),
);
