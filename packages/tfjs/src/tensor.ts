import type { DataType, Tensor } from "@tensorflow/tfjs-core";
import { InvalidArgumentError, NdArray, type Dtype, type DtypeData } from "bentoml-core";
import type { TfjsCore } from "./engine.js";

/** What a tensor of TensorFlow.js has, of whatever copy of the library. */
export interface TfTensor {
  /** The library's name of it: "float32", "int32", "bool", "string", "complex64". */
  readonly dtype: string;
  /** Sizes of the dims. */
  readonly shape: readonly number[];
  /** What the backend knows its elements by. */
  readonly dataId: object;
  /** Whether its memory has been freed. */
  readonly isDisposed: boolean;
  /** The elements, row-major: a typed array, or a list of strings. */
  dataSync(): unknown;
  /** Frees its memory. */
  dispose(): void;
}

/** Recognises a `tf.Tensor` by its looks, without loading the library. */
export function isTfTensor(value: unknown): value is TfTensor {
  if (typeof value !== "object" || value === null || NdArray.isNdArray(value)) return false;
  const candidate = value as Partial<TfTensor>;
  return typeof candidate.dtype === "string" && Array.isArray(candidate.shape) && typeof candidate.dataSync === "function" && candidate.dataId !== undefined;
}

/**
 * The values of a tensor, in memory of their own. The tensor stays as it is: whoever made it disposes it.
 *
 * @throws InvalidArgumentError for a tensor that is disposed, or of complex numbers.
 */
export function fromTensor(tensor: TfTensor): NdArray {
  if (tensor.isDisposed) throw new InvalidArgumentError("The tensor is disposed: its values are gone.");
  const data = tensor.dataSync();
  return new NdArray(dtypeOf(tensor, data), [...tensor.shape], ownData(data));
}

/**
 * A tensor with the values of an array, on the backend in use. It belongs to the caller, who disposes it (`tf.tidy`).
 *
 * @throws InvalidArgumentError for a dtype that TensorFlow.js lacks and values that do not fit into int32 or float32.
 */
export function toTensor(core: TfjsCore, array: NdArray): Tensor {
  const dtype = tensorDtype(array.dtype);
  const { data, shape } = array.cast(dtype);
  return core.tensor(readable(data) as Float32Array, [...shape], dtype);
}

/** float32, int32, bool and string are all that TensorFlow.js computes with. */
export function tensorDtype(dtype: Dtype): DataType & Dtype {
  switch (dtype) {
    case "bool":
    case "string":
    case "float32":
    case "int32":
      return dtype;
    case "float16":
    case "bfloat16":
    case "float64":
      return "float32";
    default:
      return "int32";
  }
}

/** By the class of the data where it tells more: TensorFlow calls 64-bit and 8-bit integers int32, and gives them as they are. */
function dtypeOf({ dtype }: TfTensor, data: unknown): Dtype {
  if (dtype === "bool" || dtype === "string") return dtype;
  if (dtype === "complex64") throw new InvalidArgumentError("A tensor of complex64 cannot become an NdArray: take tf.real and tf.imag of it.");
  return NdArray.from(data as Float32Array).dtype;
}

/** The backend "cpu" gives the very memory of the tensor, which may be that of an argument. */
function ownData(data: unknown): DtypeData<Dtype> {
  return (data as Float32Array).slice();
}

/** Native code takes no shared memory on Node.js 20. */
function readable(data: DtypeData<Dtype>): DtypeData<Dtype> {
  if (Array.isArray(data)) return data;
  return data.buffer instanceof SharedArrayBuffer ? data.slice() : data;
}
