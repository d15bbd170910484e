import type { TensorSummary } from "../src/page/page-data.js";

/** One value of a tensor in JSON. */
export type Scalar = number | string | boolean;

/** A tensor as it stands in a request: data flat, in row-major order. */
export interface TensorValue {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly Scalar[];
}

/** What somebody typed does not fit; the message says what does. */
export class InputError extends Error {}

/** Open dims get the length one. */
export function sampleShape({ shape }: TensorSummary): number[] {
  return shape.map((length) => (isFixed(length) ? length : 1));
}

export function isFixed(length: number | string): length is number {
  return typeof length === "number" && length >= 0;
}

/** `[batch, 3, ?, 10]` */
export function shapeText(shape: readonly (number | string)[]): string {
  return `[${shape.map((length) => (length === -1 ? "?" : String(length))).join(", ")}]`;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Values to begin with: small, and not all the same. */
export function sampleTensor(tensor: TensorSummary): TensorValue {
  const shape = sampleShape(tensor);
  const data = Array.from({ length: sizeOf(shape) }, (_, index) => sampleScalar(tensor.datatype, index));
  return { name: tensor.name, datatype: tensor.datatype, shape, data };
}

function sampleScalar(datatype: string, index: number): Scalar {
  if (datatype === "BYTES") return "text";
  if (datatype === "BOOL") return index % 2 === 0;
  return isFloat(datatype) ? Number((((index * 7) % 10) / 10).toFixed(1)) : (index * 7) % 10;
}

export function isFloat(datatype: string): boolean {
  return /^(FP|BF)/.test(datatype);
}

/** The nested lists of a tensor, one line for each row of its last dim. */
export function tensorText({ shape, data }: Pick<TensorValue, "shape" | "data">): string {
  const write = (dims: readonly number[], from: number, indent: string): string => {
    const [length = 1, ...rest] = dims;
    if (dims.length === 0) return JSON.stringify(data[from]);
    if (rest.length === 0) return `[${data.slice(from, from + length).map((value) => JSON.stringify(value)).join(", ")}]`;
    const step = sizeOf(rest);
    const rows = Array.from({ length }, (_, index) => `${indent}  ${write(rest, from + index * step, `${indent}  `)}`);
    return rows.length === 0 ? "[]" : `[\n${rows.join(",\n")}\n${indent}]`;
  };
  return write(shape, 0, "");
}

/**
 * Reads nested lists, or a flat list where the signature leaves one dim open at most. Throws InputError for what the signature does not
 * allow; whether each value fits the dtype is for the server to say, which knows it to the bit.
 */
export function parseTensor(text: string, tensor: TensorSummary): TensorValue {
  const value = parseJson(text);
  const nested = shapeOfNested(value);
  const data = (Array.isArray(value) ? value.flat(Infinity) : [value]) as Scalar[];
  const shape = fits(nested, tensor.shape) ? nested : shapeOfFlat(nested, data.length, tensor);
  return { name: tensor.name, datatype: tensor.datatype, shape, data };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`This is no JSON: ${(error as Error).message}`);
  }
}

function shapeOfNested(value: unknown): number[] {
  if (!Array.isArray(value)) {
    if (value === null || typeof value === "object") throw new InputError("Lists may hold numbers, texts, true and false.");
    return [];
  }
  const inner = value.map(shapeOfNested);
  const [first = []] = inner;
  if (inner.some((shape) => shape.join() !== first.join())) throw new InputError("The lists inside a list must all have the same length.");
  return [value.length, ...first];
}

function fits(shape: readonly number[], wanted: TensorSummary["shape"]): boolean {
  return shape.length === wanted.length && wanted.every((length, dim) => !isFixed(length) || length === shape[dim]);
}

function shapeOfFlat(nested: readonly number[], size: number, { shape }: TensorSummary): number[] {
  const fixed = sizeOf(shape.filter(isFixed));
  const open = shape.filter((length) => !isFixed(length)).length;
  const rest = size / fixed;
  if (nested.length === 1 && (open === 0 ? rest === 1 : open === 1 && Number.isInteger(rest))) return shape.map((length) => (isFixed(length) ? length : rest));
  throw new InputError(`The shape must be ${shapeText(shape)}; these lists make ${shapeText(nested)}.`);
}
