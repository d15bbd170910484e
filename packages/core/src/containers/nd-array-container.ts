import { InvalidArgumentError } from "../errors/index.js";
import { checkDim, dtypeOfTypedArray, indicesOfSizes, NdArray } from "../ndarray/index.js";
import { DataContainerBase, type JoinedBatch } from "./data-container.js";
import { decodeArray, encodeArray } from "./nd-array-payload.js";
import type { Payload } from "./payload.js";
import { toTritonTensor, type TritonMetadata, type TritonTensor } from "./triton-tensor.js";

/** What stands for an array: itself, or a typed array as one dim. */
export type ArrayLikeValue = NdArray | Exclude<NdArray["data"], string[]>;

/** NdArrays and bare typed arrays. Joins along any dim; dtypes and all other dims must agree. */
export class NdArrayContainer extends DataContainerBase<ArrayLikeValue, NdArray> {
  readonly name = "NdArrayContainer";

  getBatchSize(batch: ArrayLikeValue, batchDim: number): number {
    const { shape } = asArray(batch);
    checkDim(shape, batchDim, "The batch size");
    return shape[batchDim] as number;
  }

  batchesToBatch(batches: readonly ArrayLikeValue[], batchDim: number): JoinedBatch<NdArray> {
    const arrays = batches.map(asArray);
    const batch = NdArray.concat(arrays, batchDim);
    return { batch, indices: indicesOfSizes(arrays.map(({ shape }) => shape[batchDim] as number)) };
  }

  batchToBatches(batch: ArrayLikeValue, indices: readonly number[], batchDim: number): NdArray[] {
    return asArray(batch).split(indices, batchDim);
  }

  toPayload(batch: ArrayLikeValue, batchDim: number): Payload {
    const array = asArray(batch);
    const { dtype, shape } = array;
    return { container: this.name, meta: { dtype, shape: [...shape] }, batchSize: shape[batchDim] ?? 1, buffers: encodeArray(array) };
  }

  fromPayload({ meta, buffers }: Payload): NdArray {
    return decodeArray(meta["dtype"], meta["shape"], buffers);
  }

  override toTritonHttpPayload(value: ArrayLikeValue, metadata: TritonMetadata): TritonTensor {
    return toTritonTensor(asArray(value), metadata);
  }

  override toTritonGrpcPayload(value: ArrayLikeValue, metadata: TritonMetadata): TritonTensor {
    return toTritonTensor(asArray(value), metadata);
  }
}

export const ndArrayContainer: NdArrayContainer = new NdArrayContainer();

function asArray(value: unknown): NdArray {
  if (NdArray.isNdArray(value)) return value;
  if (dtypeOfTypedArray(value) !== undefined) return NdArray.from(value);
  throw new InvalidArgumentError(
    `NdArrays can only be joined with NdArrays and typed arrays, not with ${value === null ? "null" : Array.isArray(value) ? "a list" : `a value of type ${typeof value}`}.`,
  );
}
