import type { Tensor } from "@tensorflow/tfjs-core";
import { DataContainerBase, defaultRegistry, InvalidArgumentError, NdArray, type DataContainer, type JoinedBatch, type Payload, type TritonMetadata, type TritonTensor } from "bentoml-core";
import { startedCore } from "./engine.js";
import { fromTensor, isTfTensor, toTensor, type TfTensor } from "./tensor.js";

/**
 * Values of the class `tf.Tensor`, for users' own Runnables. Tensors that come out of a join, a split or a payload belong to whoever
 * gets them, who disposes them; those that go in stay with their owner. (Models of this package get NdArrays: `prepare` converts.)
 */
export class TfTensorContainer extends DataContainerBase<TfTensor> {
  readonly name = "TfTensorContainer";

  getBatchSize({ shape }: TfTensor, batchDim: number): number {
    const size = shape[batchDim];
    if (size === undefined) throw new InvalidArgumentError(`A tensor of shape [${shape.join(", ")}] has no dim ${batchDim} to tell its batch size by.`);
    return size;
  }

  batchesToBatch(batches: readonly TfTensor[], batchDim: number): JoinedBatch<TfTensor> {
    const { batch, indices } = arrays().batchesToBatch(batches.map(fromTensor), batchDim);
    return { batch: tensorOf(batch), indices };
  }

  batchToBatches(batch: TfTensor, indices: readonly number[], batchDim: number): TfTensor[] {
    return arrays().batchToBatches(fromTensor(batch), indices, batchDim).map(tensorOf);
  }

  async toPayload(batch: TfTensor, batchDim: number): Promise<Payload> {
    return { ...(await arrays().toPayload(fromTensor(batch), batchDim)), container: this.name };
  }

  /** @throws MissingDependencyError where TensorFlow.js is not installed. */
  async fromPayload(payload: Payload): Promise<TfTensor> {
    const array = await arrays().fromPayload(payload);
    // The backend "cpu" computes on the memory that it is given, and a payload's is somebody else's soon.
    return tensorOf(array.clone());
  }

  override toTritonHttpPayload(value: TfTensor, metadata: TritonMetadata): TritonTensor {
    return arrays().toTritonHttpPayload(fromTensor(value), metadata);
  }

  override toTritonGrpcPayload(value: TfTensor, metadata: TritonMetadata): TritonTensor {
    return arrays().toTritonGrpcPayload(fromTensor(value), metadata);
  }
}

function tensorOf(array: NdArray): Tensor {
  return toTensor(startedCore(), array);
}

/** Tensors are joined, split and sent as arrays are. */
function arrays(): DataContainer<NdArray, NdArray> {
  return defaultRegistry.containerOf(NdArray.zeros("bool", [0])) as DataContainer<NdArray, NdArray>;
}

const tensorType = { module: "@tensorflow/tfjs-core", name: "Tensor", is: isTfTensor };

/** For `defineAdapter`. */
export const tensorRegistration: {
  readonly singleType: typeof tensorType;
  readonly batchType: typeof tensorType;
  readonly container: TfTensorContainer;
} = { singleType: tensorType, batchType: tensorType, container: new TfTensorContainer() };
