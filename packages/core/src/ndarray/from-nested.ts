import { InvalidArgumentError } from "../errors/index.js";
import type { ArrayParts } from "./array-parts.js";
import { elementConverter, takes, type ConvertElement } from "./convert-element.js";
import { allocate, dtypeOfTypedArray, isDtype, unknownDtype, type Dtype } from "./dtype.js";
import { sizeOfShape } from "./shape.js";

/** Arrays may be nested so deep; also stops an array that contains itself. */
const MOST_DIMS = 32;

/**
 * Reads plain values: numbers, booleans, bigints or strings, or equally long arrays of them, nested. Rows may be typed arrays.
 * Without `dtype` the first element decides: numbers give float32, booleans bool, bigints int64, strings string, rows of
 * typed arrays their own dtype; no elements give float32.
 *
 * @throws InvalidArgumentError that names the path of a ragged row, or of a value that does not fit the dtype.
 */
export function partsFromNested(value: unknown, dtype?: Dtype): ArrayParts {
  if (dtype !== undefined && !isDtype(dtype)) throw unknownDtype(dtype);
  const { shape, first } = outline(value);
  const target = dtype ?? defaultDtype(first, pathOf(shape.map(() => 0)));
  const data = allocate(target, sizeOfShape(shape));
  new NestedReader(target, shape, data as unknown[]).read(value);
  return { dtype: target, shape, data };
}

type Row = ArrayLike<unknown>;

function isRow(value: unknown): value is Row {
  return Array.isArray(value) || dtypeOfTypedArray(value) !== undefined;
}

/** The shape by the first element of each level, and what decides the dtype: the first element, or the typed array it lies in. */
function outline(value: unknown): { shape: number[]; first: unknown } {
  const shape: number[] = [];
  let first = value;
  while (isRow(first)) {
    if (shape.length === MOST_DIMS) {
      throw new InvalidArgumentError(`The value is nested more than ${String(MOST_DIMS)} arrays deep, or contains itself.`);
    }
    shape.push(first.length);
    if (!Array.isArray(first)) break;
    if (first.length === 0) return { shape, first: 0 };
    first = (first as unknown[])[0];
  }
  return { shape, first };
}

function defaultDtype(first: unknown, path: string): Dtype {
  switch (typeof first) {
    case "number":
      return "float32";
    case "boolean":
      return "bool";
    case "bigint":
      return "int64";
    case "string":
      return "string";
    default: {
      const dtype = dtypeOfTypedArray(first);
      if (dtype !== undefined) return dtype;
      throw new InvalidArgumentError(
        `Cannot make an NdArray of ${describeValue(first)} at ${path}: pass numbers, booleans, bigints, strings, ` +
          "arrays of them nested to equal lengths, typed arrays, or an NdArray.",
      );
    }
  }
}

class NestedReader {
  readonly #convert: ConvertElement;
  /** Where in the nesting the reader is. */
  readonly #path: number[] = [];
  #next = 0;

  constructor(
    private readonly dtype: Dtype,
    private readonly shape: readonly number[],
    private readonly data: unknown[],
  ) {
    this.#convert = elementConverter(dtype);
  }

  read(value: unknown): void {
    const depth = this.#path.length;
    if (depth === this.shape.length) return this.#readElement(value);
    const length = this.shape[depth] as number;
    if (!isRow(value) || value.length !== length) throw this.#ragged(value, length);
    if (depth === this.shape.length - 1) return this.#readRow(value);
    if (!Array.isArray(value)) throw this.#ragged(value, length);
    for (let index = 0; index < length; index++) {
      this.#path.push(index);
      this.read(value[index]);
      this.#path.pop();
    }
  }

  #readElement(value: unknown): void {
    const element = this.#convert(value);
    if (element === undefined) throw this.#misfit(value);
    this.data[this.#next++] = element;
  }

  #readRow(row: Row): void {
    for (let index = 0; index < row.length; index++) {
      const element = this.#convert(row[index]);
      if (element === undefined) {
        this.#path.push(index);
        throw isRow(row[index]) ? this.#ragged(row[index], undefined) : this.#misfit(row[index]);
      }
      this.data[this.#next++] = element;
    }
  }

  #ragged(value: unknown, length: number | undefined): InvalidArgumentError {
    const wanted = length === undefined ? "a single value" : `an array of ${String(length)}`;
    return new InvalidArgumentError(
      `The nested array is ragged: ${pathOf(this.#path)} is ${describeValue(value)}, but ${wanted} is needed there, as at ` +
        `${pathOf(this.#path.map(() => 0))}. All rows of one level must have one length.`,
    );
  }

  #misfit(value: unknown): InvalidArgumentError {
    return new InvalidArgumentError(`${pathOf(this.#path)} is ${describeValue(value)}, but ${this.dtype} takes ${takes(this.dtype)}.`);
  }
}

/** "value[1][0]" */
function pathOf(path: readonly number[]): string {
  return `value${path.map((index) => `[${String(index)}]`).join("")}`;
}

function describeValue(value: unknown): string {
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "bigint") return `${String(value)}n`;
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (isRow(value)) return `an array of ${String(value.length)}`;
  if (typeof value !== "object") return typeof value;
  const { constructor } = value as { readonly constructor?: { readonly name: string } };
  return `an object (${constructor?.name ?? "no prototype"})`;
}
