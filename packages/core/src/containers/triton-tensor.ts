import { InvalidArgumentError } from "../errors/index.js";
import { describeShape, type NdArray } from "../ndarray/index.js";
import { datatypeOf } from "./datatype.js";
import { encodeArray } from "./nd-array-payload.js";
import { shownJson } from "./shown-json.js";
import { encodeLengthPrefixed } from "./string-bytes.js";

/** What a Triton server says of one input of a model. */
export interface TritonMetadata {
  /** The input's name. */
  readonly name: string;
  /** "FP32", "BYTES", … */
  readonly datatype: string;
  /** -1 for a dim of any size. */
  readonly shape: readonly number[];
}

/** A tensor as Triton takes it, over HTTP (binary extension) and gRPC (raw contents) alike. */
export interface TritonTensor {
  /** The input's name. */
  readonly name: string;
  /** "FP32", "BYTES", … */
  readonly datatype: string;
  /** Sizes of the dims, the batch dim among them. */
  readonly shape: readonly number[];
  /** Row-major and little-endian; BYTES as elements, each after its length as uint32. */
  readonly raw: Uint8Array;
}

/** Which of Triton's interfaces a payload is for. */
export type TritonInterface = "http" | "grpc";

/**
 * The array as an input of a Triton model, numbers as a view on its memory.
 *
 * @throws InvalidArgumentError when its dtype or shape is not what the metadata asks for: nothing is cast.
 */
export function toTritonTensor(array: NdArray, metadata: TritonMetadata): TritonTensor {
  const datatype = datatypeOf[array.dtype];
  if (datatype !== metadata.datatype) {
    throw new InvalidArgumentError(
      `Input ${shownJson(metadata.name)} of the Triton model takes ${metadata.datatype}, not ${datatype}: cast the ${array.dtype} array first.`,
    );
  }
  checkShape(array.shape, metadata);
  const raw = array.dtype === "string" ? encodeLengthPrefixed(array.data as string[]) : (encodeArray(array)[0] as Uint8Array);
  return { name: metadata.name, datatype, shape: [...array.shape], raw };
}

function checkShape(shape: readonly number[], { name, shape: wanted }: TritonMetadata): void {
  const fits = shape.length === wanted.length && wanted.every((dim, index) => dim === -1 || dim === shape[index]);
  if (fits) return;
  throw new InvalidArgumentError(
    `Input ${shownJson(name)} of the Triton model takes shape ${describeShape(wanted)} (-1: any size), not ${describeShape(shape)}.`,
  );
}
