import type { NdArray } from "../ndarray/index.js";
import { DataContainerBase, type JoinedBatch } from "./data-container.js";
import { ndArrayContainer } from "./nd-array-container.js";
import type { Payload } from "./payload.js";
import type { TritonMetadata, TritonTensor } from "./triton-tensor.js";

/** For the tensors of a framework: they are joined, split and sent as arrays are. A subclass says how the one becomes the other. */
export abstract class TensorContainer<Tensor> extends DataContainerBase<Tensor> {
  /** May share the tensor's memory. */
  protected abstract toArray(tensor: Tensor): NdArray;
  /** May share the array's memory. */
  protected abstract fromArray(array: NdArray): Tensor;

  getBatchSize(batch: Tensor, batchDim: number): number {
    return ndArrayContainer.getBatchSize(this.toArray(batch), batchDim);
  }

  batchesToBatch(batches: readonly Tensor[], batchDim: number): JoinedBatch<Tensor> {
    const { batch, indices } = ndArrayContainer.batchesToBatch(batches.map((part) => this.toArray(part)), batchDim);
    return { batch: this.fromArray(batch), indices };
  }

  batchToBatches(batch: Tensor, indices: readonly number[], batchDim: number): Tensor[] {
    return ndArrayContainer.batchToBatches(this.toArray(batch), indices, batchDim).map((part) => this.fromArray(part));
  }

  toPayload(batch: Tensor, batchDim: number): Payload {
    return { ...ndArrayContainer.toPayload(this.toArray(batch), batchDim), container: this.name };
  }

  fromPayload(payload: Payload): Tensor {
    return this.fromArray(ndArrayContainer.fromPayload(payload));
  }

  override toTritonHttpPayload(value: Tensor, metadata: TritonMetadata): TritonTensor {
    return ndArrayContainer.toTritonHttpPayload(this.toArray(value), metadata);
  }

  override toTritonGrpcPayload(value: Tensor, metadata: TritonMetadata): TritonTensor {
    return ndArrayContainer.toTritonGrpcPayload(this.toArray(value), metadata);
  }
}
