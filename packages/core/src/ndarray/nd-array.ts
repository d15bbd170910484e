import { COPIES_CONTRACT, isOfAnotherContract } from "../copies/index.js";
import { InvalidArgumentError } from "../errors/index.js";
import { describeArray, describeShape, type ArrayParts } from "./array-parts.js";
import { castParts, type CastOptions } from "./cast.js";
import { concatParts } from "./concat.js";
import { allocate, dataClassName, type Dtype, type DtypeData, type DtypeElement } from "./dtype.js";
import { elementAt, flatIndexOf, nestedOf, type Nested } from "./elements.js";
import { partsFrom, type DtypeOf } from "./from-value.js";
import { expandedShape, reshaped } from "./reshape.js";
import { sliceParts, splitParts } from "./split.js";
import { sizeOfShape } from "./shape.js";

/** Two installed copies of this package recognise each other's arrays by it. */
const BRAND: unique symbol = Symbol.for("bentoml.NdArray") as never;

/**
 * An n-dimensional array: row-major and contiguous. `shape` is kept as given, not copied: do not change it, nor the length of
 * `data`. A scalar has shape []; dims may be 0. float16 and bfloat16 data are their 16 bits in a Uint16Array, bool data are
 * bytes 0 and 1.
 */
export class NdArray<D extends Dtype = Dtype> implements ArrayParts<D> {
  /** Type of the elements. */
  readonly dtype: D;
  /** Sizes of the dims, the slowest first; [] for a scalar. */
  readonly shape: readonly number[];
  /** The elements in row-major order, as many as the product of `shape`. */
  readonly data: DtypeData<D>;

  /**
   * Wraps `data` without a copy. Checks the class and length of `data` and the dims, not the elements.
   *
   * @throws InvalidArgumentError when they do not fit together.
   */
  constructor(dtype: D, shape: readonly number[], data: DtypeData<D>) {
    if (dtype === "string" ? !Array.isArray(data) : (data as Uint8Array | undefined)?.[Symbol.toStringTag] !== dataClassName(dtype)) {
      throw wrongData(dtype, data);
    }
    let size = 1;
    for (let index = 0; index < shape.length; index++) {
      const dim = shape[index] as number;
      if (!Number.isSafeInteger(dim) || dim < 0) throw wrongDim(shape, index);
      size *= dim;
    }
    if (size !== data.length) throw wrongLength(dtype, shape, data.length);
    this.dtype = dtype;
    this.shape = shape;
    this.data = dtype === "uint8" || dtype === "bool" ? withoutBuffer(data) : data;
  }

  /** Number of dims; 0 for a scalar. */
  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return this.data.length;
  }

  /** By it, arrays of another installed copy of this package are recognised. */
  get [BRAND](): number {
    return COPIES_CONTRACT;
  }

  /**
   * True for an NdArray, also one of another installed copy of this package.
   *
   * @throws StateError of the code CORE_COPIES for one of a copy that this one cannot work with.
   */
  static isNdArray(value: unknown): value is NdArray {
    if (typeof value !== "object" || value === null) return false;
    const contract = (value as { [BRAND]?: unknown })[BRAND];
    return contract === COPIES_CONTRACT || isOfAnotherContract(contract, "NdArray");
  }

  /** `value instanceof NdArray` is `NdArray.isNdArray(value)`. */
  static [Symbol.hasInstance](value: unknown): boolean {
    return this === NdArray ? NdArray.isNdArray(value) : Function.prototype[Symbol.hasInstance].call(this, value);
  }

  /**
   * Makes an array of plain values. Numbers become float32, booleans bool, bigints int64, strings string unless `dtype` says
   * otherwise; typed arrays become one dim of their own dtype, and an NdArray is given back as it is, both without a copy.
   * A Uint16Array given as float16 or bfloat16 is taken as bits; otherwise `dtype` is reached by a lossless `cast` from values
   * that have a dtype, while plain numbers round to the nearest float (integers must fit).
   *
   * @throws InvalidArgumentError that names the path of a ragged row or of a value that does not fit.
   */
  static from<D extends Dtype>(value: unknown, dtype: D): NdArray<D>;
  /** The same for a dtype that is worked out from the value. */
  static from<Value>(value: Value): NdArray<DtypeOf<Value>>;
  static from(value: unknown, dtype?: Dtype): NdArray {
    if (NdArray.isNdArray(value)) return dtype === undefined ? value : value.cast(dtype);
    return wrap(partsFrom(value, dtype));
  }

  /**
   * Zeros, false, or empty strings.
   *
   * @throws InvalidArgumentError for dims that are no sizes, or too many elements for memory.
   */
  static zeros<D extends Dtype>(dtype: D, shape: readonly number[]): NdArray<D> {
    const wrong = shape.findIndex((dim) => !Number.isSafeInteger(dim) || dim < 0);
    if (wrong >= 0) throw wrongDim(shape, wrong);
    return new NdArray(dtype, shape, allocate(dtype, sizeOfShape(shape)));
  }

  /**
   * Joins arrays along `dim` into new memory, also when there is only one.
   *
   * @throws InvalidArgumentError for no arrays, differing dtypes (never promoted), or other dims that differ.
   */
  static concat<D extends Dtype>(arrays: readonly NdArray<D>[], dim: number): NdArray<D> {
    return wrap(concatParts(arrays, dim));
  }

  /**
   * Cuts along `dim` at cumulative indices from 0: [0, 2, 5] gives parts of 2 and 3. Along dim 0 the parts are views on this
   * array's memory (strings are copied), along other dims copies.
   *
   * @throws InvalidArgumentError when the indices fall, or do not end with the size of `dim`.
   */
  split(indices: readonly number[], dim: number): NdArray<D>[] {
    return splitParts(this, indices, dim).map(wrap);
  }

  /**
   * `start` up to, but not including, `end` of one dim. A view on this array's memory for dim 0, otherwise a copy.
   *
   * @throws InvalidArgumentError when the range does not lie in the dim: it is not clamped.
   */
  slice(dim: number, start: number, end?: number): NdArray<D> {
    return wrap(sliceParts(this, dim, start, end ?? this.shape[dim] ?? start));
  }

  /**
   * The same memory under another shape of the same size; one dim may be -1 and is worked out.
   *
   * @throws InvalidArgumentError when the sizes differ.
   */
  reshape(shape: readonly number[]): NdArray<D> {
    return new NdArray(this.dtype, reshaped(this, shape), this.data);
  }

  /**
   * The same memory with a dim of size 1 put before `dim`; `expandDims(0)` makes a batch of one.
   *
   * @throws InvalidArgumentError when `dim` is not 0 to rank.
   */
  expandDims(dim: number): NdArray<D> {
    return new NdArray(this.dtype, expandedShape(this.shape, dim), this.data);
  }

  /**
   * The same values in another dtype; this array itself when it has it already.
   *
   * @throws InvalidArgumentError that names the first value that would change, its index and both dtypes, unless `lossy`; and for strings.
   */
  cast<E extends Dtype>(dtype: E, options?: CastOptions): NdArray<E> {
    const parts: ArrayParts = castParts(this, dtype, options);
    return (parts === this ? this : wrap(parts)) as NdArray<E>;
  }

  /**
   * One element: a number, for bool a boolean, for 64-bit integers a bigint. Negative indices count from the end.
   *
   * @throws InvalidArgumentError unless there is one index for each dim, inside it.
   */
  at(...index: number[]): DtypeElement<D> {
    return elementAt(this, flatIndexOf(this.shape, index));
  }

  /** The elements as nested plain arrays, as `at` gives them; a scalar as its only element. */
  toNested(): Nested<DtypeElement<D>> {
    return nestedOf(this);
  }

  /** This array if its ArrayBuffer holds its data and nothing else, otherwise a copy. Shared memory is copied too. */
  owned(): NdArray<D> {
    if (Array.isArray(this.data)) return this;
    const { buffer, byteLength } = this.data;
    const shared = buffer[Symbol.toStringTag] !== "ArrayBuffer";
    return shared || buffer.byteLength !== byteLength ? this.clone() : this;
  }

  /** A copy in memory of its own. */
  clone(): NdArray<D> {
    if (Array.isArray(this.data)) return new NdArray(this.dtype, this.shape, this.data.slice() as DtypeData<D>);
    const data = allocate(this.dtype, this.data.length);
    (data as Float32Array).set(this.data as Float32Array);
    return new NdArray(this.dtype, this.shape, data);
  }

  /** Dtype and shape, for messages; not the elements. */
  toString(): string {
    return `NdArray(${describeArray(this)})`;
  }
}

function wrap<D extends Dtype>({ dtype, shape, data }: ArrayParts<D>): NdArray<D> {
  return new NdArray(dtype, shape, data);
}

/** A Buffer becomes a view of the plain class: its slice() shares memory, where every other typed array's copies. */
function withoutBuffer<D extends Dtype>(data: DtypeData<D>): DtypeData<D> {
  const bytes = data as Uint8Array;
  if (bytes.constructor === Uint8Array) return data;
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) as DtypeData<D>;
}

function wrongData(dtype: Dtype, data: unknown): InvalidArgumentError {
  const wanted = dataClassName(dtype);
  const { constructor } = ((data as object | null | undefined) ?? {}) as { readonly constructor?: { readonly name: string } };
  const given = data === null || data === undefined ? String(data) : (constructor?.name ?? typeof data);
  return new InvalidArgumentError(
    `The data of a ${dtype} array must be ${wanted === "Array" ? "an array of strings" : `a ${wanted}`}, not ${given}. NdArray.from converts plain values.`,
  );
}

function wrongDim(shape: readonly number[], index: number): InvalidArgumentError {
  return new InvalidArgumentError(
    `Dim ${String(index)} of shape ${describeShape(shape)} is ${String(shape[index])}, but must be an integer that is not negative.`,
  );
}

function wrongLength(dtype: Dtype, shape: readonly number[], length: number): InvalidArgumentError {
  return new InvalidArgumentError(
    `Shape ${describeShape(shape)} has ${String(sizeOfShape(shape))} elements, but the ${dtype} data has ${String(length)}.`,
  );
}
