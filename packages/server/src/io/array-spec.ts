import { InvalidArgumentError, NdArray, isDtype, dtypes, type Dtype } from "bentoml-core";
import type { JsonSchema } from "./descriptor.js";

/** What arrays must be like. */
export interface ArrayOptions<D extends Dtype = Dtype> {
  /** Arrays have this dtype. Default: what the values are; numbers in JSON are float32. */
  readonly dtype?: D;
  /** Sizes of the dims; -1 is any. Default: any shape. */
  readonly shape?: readonly number[];
  /** Refuse a value that `dtype` cannot hold as it is. Default true; with false the nearest one is taken. */
  readonly enforceDtype?: boolean;
  /** Refuse another shape. Default true; with false the array is reshaped where its size allows that, else passed on as it is. */
  readonly enforceShape?: boolean;
}

/** The dtype and shape that arrays must have. */
export class ArraySpec<D extends Dtype = Dtype> {
  readonly dtype: D | undefined;
  readonly shape: readonly number[] | undefined;
  readonly #enforceDtype: boolean;
  readonly #enforceShape: boolean;

  /** @throws InvalidArgumentError for what is no dtype or no shape. */
  constructor({ dtype, shape, enforceDtype = true, enforceShape = true }: ArrayOptions<D>) {
    if (dtype !== undefined && !isDtype(dtype)) throw new InvalidArgumentError(`there is no dtype ${JSON.stringify(dtype)}: it is one of ${dtypes.join(", ")}`);
    if (shape !== undefined && !shape.every((length) => Number.isSafeInteger(length) && length >= -1)) {
      throw new InvalidArgumentError(`the shape [${shape.join(", ")}] must have whole numbers, -1 for any`);
    }
    this.dtype = dtype;
    this.shape = shape;
    this.#enforceDtype = enforceDtype;
    this.#enforceShape = enforceShape;
  }

  /**
   * An array as the spec wants it.
   *
   * @throws InvalidArgumentError that says what was expected.
   */
  fit(array: NdArray): NdArray<D> {
    return this.#fitShape(this.#fitDtype(array)) as NdArray<D>;
  }

  /** The array of plain values, nested. */
  fromNested(values: unknown): NdArray<D> {
    const array = this.#enforceDtype || this.dtype === undefined ? this.#exact(values) : this.#nearest(values);
    return this.fit(array);
  }

  /** JSON Schema of the nested lists. */
  get schema(): JsonSchema {
    let schema: JsonSchema = elementSchema(this.dtype);
    for (const length of [...(this.shape ?? [])].reverse()) {
      schema = { type: "array", items: schema, ...(length < 0 ? {} : { minItems: length, maxItems: length }) };
    }
    if (this.shape !== undefined) return schema;
    return { description: "nested lists of equal lengths", ...(this.dtype === undefined ? {} : { "x-dtype": this.dtype }) };
  }

  /** An array of zeros, nested, for examples; undefined where the shape is open or large. */
  get example(): unknown {
    const shape = this.shape?.map((length) => (length < 0 ? 1 : length));
    if (shape === undefined || shape.reduce((size, length) => size * length, 1) > MOST_SHOWN) return undefined;
    return NdArray.zeros(this.dtype === "int64" || this.dtype === "uint64" ? "int32" : (this.dtype ?? "float32"), shape).toNested();
  }

  #exact(values: unknown): NdArray {
    return this.dtype === undefined ? NdArray.from(values) : NdArray.from(values, this.dtype);
  }

  #nearest(values: unknown): NdArray {
    try {
      return this.#exact(values);
    } catch (error) {
      if (this.dtype === "string") throw error;
      return NdArray.from(values, "float64");
    }
  }

  #fitDtype(array: NdArray): NdArray {
    if (this.dtype === undefined || array.dtype === this.dtype) return array;
    if (this.#enforceDtype) throw new InvalidArgumentError(`the array must be ${this.dtype}, it is ${array.dtype}`);
    return array.cast(this.dtype, { lossy: true });
  }

  #fitShape(array: NdArray): NdArray {
    const { shape } = this;
    if (shape === undefined || fits(array.shape, shape)) return array;
    if (this.#enforceShape) throw new InvalidArgumentError(`the array must have the shape [${shape.join(", ")}] (-1 is any), it has [${array.shape.join(", ")}]`);
    return reshapedIfPossible(array, shape);
  }
}

/** Examples that a reader takes in. */
const MOST_SHOWN = 64;

function fits(given: readonly number[], wanted: readonly number[]): boolean {
  return given.length === wanted.length && wanted.every((length, dim) => length < 0 || length === given[dim]);
}

function reshapedIfPossible(array: NdArray, shape: readonly number[]): NdArray {
  try {
    return array.reshape(shape);
  } catch {
    return array;
  }
}

function elementSchema(dtype: Dtype | undefined): JsonSchema {
  if (dtype === undefined) return {};
  if (dtype === "string") return { type: "string" };
  if (dtype === "bool") return { type: "boolean" };
  return { type: /float/.test(dtype) ? "number" : "integer", format: dtype };
}
