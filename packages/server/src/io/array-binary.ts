import { Buffer } from "node:buffer";
import { InvalidArgumentError, bytesPerElement, isDtype, type Dtype, type NdArray } from "bentoml-core";
import { binaryBytes } from "../protocol/binary-output.js";
import { tensorFromBytes } from "../protocol/binary-tensors.js";
import type { ReceivedContent, WrittenContent } from "./descriptor.js";

export const BINARY_TYPE = "application/octet-stream";
/** As on the wire between runners: JSON of dtype and shape. */
const META_HEADER = "Payload-Meta";
const HIGHEST_RANK = 32;
const MOST_EMPTY_PLACES = 1_000_000;

/** What is known of an array before its bytes are looked at. */
export interface ExpectedArray {
  readonly dtype: Dtype | undefined;
  readonly shape: readonly number[] | undefined;
}

/**
 * An array from its elements, row-major and little-endian, strings each with their length in front. `Payload-Meta` says what they are; without it the descriptor does, whose
 * shape may leave one dim open.
 *
 * @throws InvalidArgumentError when they do not fit together.
 */
export function arrayOfBytes({ bytes, headers }: ReceivedContent, expected: ExpectedArray): NdArray {
  const { dtype, shape } = metaOf(headers[META_HEADER.toLowerCase()]) ?? expected;
  if (dtype === undefined || shape === undefined) {
    throw new InvalidArgumentError(`the header ${META_HEADER} must tell what the bytes are, such as {"dtype":"float32","shape":[1,4]}`);
  }
  checkShape(shape);
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return tensorFromBytes("body", dtype, closedShape(shape, body.length / bytesPerElement(dtype)), body);
}

export function bytesOfArray(array: NdArray): WrittenContent {
  const { dtype, shape } = array;
  return { mediaType: BINARY_TYPE, body: binaryBytes(array), headers: { [META_HEADER]: JSON.stringify({ dtype, shape }) } };
}

function metaOf(header: string | readonly string[] | undefined): { readonly dtype: Dtype; readonly shape: readonly number[] } | undefined {
  if (header === undefined) return undefined;
  const { dtype, shape } = parsed(String(header)) as { readonly dtype?: unknown; readonly shape?: unknown };
  if (isDtype(dtype) && Array.isArray(shape) && shape.every((length) => Number.isSafeInteger(length) && (length as number) >= 0)) {
    return { dtype, shape: shape as number[] };
  }
  throw new InvalidArgumentError(`the header ${META_HEADER} must be as {"dtype":"float32","shape":[1,4]}, it is ${String(header).slice(0, 80)}`);
}

function parsed(text: string): object {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
}

/** Throws 400 for shapes that take long to walk through although they have few elements, or none: [9007199254740991, 0]. */
function checkShape(shape: readonly number[]): void {
  const places = shape.reduce((product, length) => product * Math.max(1, length), 1);
  const isWalkable = shape.length <= HIGHEST_RANK && (!shape.includes(0) || places <= MOST_EMPTY_PLACES);
  if (!isWalkable) throw new InvalidArgumentError(`the shape in ${META_HEADER} has ${shape.length} dims and a place for ${places} elements: at most ${HIGHEST_RANK} dims are taken, and ${MOST_EMPTY_PLACES} places where one of them is 0`);
}

/** The open dim takes what the number of elements gives; of several only the first may be open, the others are 1. */
function closedShape(shape: readonly number[], elements: number): readonly number[] {
  const open = shape.indexOf(-1);
  if (open < 0) return shape;
  const known = shape.reduce((product, length) => product * (length < 0 ? 1 : length), 1);
  const length = known === 0 ? 0 : elements / known;
  if (shape.indexOf(-1, open + 1) < 0 && Number.isInteger(length)) return shape.map((given) => (given < 0 ? length : given));
  throw new InvalidArgumentError(`the body does not tell a shape like [${shape.join(", ")}] (-1 is any): send the header ${META_HEADER}, such as {"dtype":"float32","shape":[1,4]}`);
}
