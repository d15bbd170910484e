import { InvalidArgumentError, NdArray, type Dtype, type DtypeData } from "bentoml-core";
import { isDtype } from "./element-type.js";

/**
 * What we know of an `ort.Tensor`: the engine takes any object of this shape, so that nothing native is needed to make
 * one. Unlike the class it works for float16 on every Node: the class turns its data into a Float16Array where there
 * is one, and the engine (1.30) reads zero bytes from that
 * (https://github.com/microsoft/onnxruntime/pull/32323).
 */
export interface OrtTensor {
  /** The engine's name of the dtype, such as "float32". */
  readonly type: string;
  /** Sizes of the dims. */
  readonly dims: readonly number[];
  /** The elements, row-major: a typed array, or a list of strings. */
  readonly data: unknown;
  /** "cpu" when the data is in main memory. */
  readonly location?: string;
}

/** Recognises `ort.Tensor` by its shape, without loading the library. */
export function isOrtTensor(value: unknown): value is OrtTensor {
  if (typeof value !== "object" || value === null || NdArray.isNdArray(value)) return false;
  const candidate = value as Partial<OrtTensor>;
  return typeof candidate.type === "string" && Array.isArray(candidate.dims) && hasData(candidate);
}

/** The data of a tensor on a GPU is behind a getter that throws. */
function hasData(candidate: Partial<OrtTensor>): boolean {
  if (candidate.location !== undefined && candidate.location !== "cpu") return true;
  return ArrayBuffer.isView(candidate.data) || Array.isArray(candidate.data);
}

/** The tensor that the engine reads: a view on the array's data, no copy. */
export function toOrtTensor(array: NdArray): OrtTensor {
  return { type: array.dtype, dims: array.shape, data: readableData(array.data), location: "cpu" };
}

/**
 * A view on the tensor's data as an array, no copy.
 *
 * @throws InvalidArgumentError for a tensor that is not in main memory or of an element type that no NdArray has.
 */
export function fromOrtTensor(tensor: OrtTensor): NdArray {
  if (tensor.location !== undefined && tensor.location !== "cpu") {
    throw new InvalidArgumentError(
      `The tensor's data is at "${tensor.location}", not in main memory: await tensor.getData() first.`,
    );
  }
  if (!isDtype(tensor.type)) {
    throw new InvalidArgumentError(`A tensor of ${tensor.type} cannot become an NdArray: cast it in the graph.`);
  }
  return new NdArray(tensor.type, tensor.dims, dataOf(tensor.type, tensor.data));
}

/** NdArrays keep half-precision numbers as bits on every Node; the engine gives a Float16Array where Node has one. */
function dataOf(dtype: Dtype, data: unknown): DtypeData<Dtype> {
  if (dtype === "float16" && ArrayBuffer.isView(data) && !(data instanceof Uint16Array)) {
    return new Uint16Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength / 2);
  }
  return data as DtypeData<Dtype>;
}

/** The engine refuses shared memory on Node 20, so such data is copied. */
function readableData(data: DtypeData<Dtype>): DtypeData<Dtype> {
  if (Array.isArray(data)) return data;
  return data.buffer instanceof SharedArrayBuffer ? data.slice() : data;
}
