import { defaultRegistry, NdArray, type DataContainer, type Payload, type TritonInterface, type TritonMetadata, type TritonTensor } from "bentoml-core";
import { fromOrtTensor, isOrtTensor, toOrtTensor, type OrtTensor } from "./engine-tensor.js";

/**
 * Values of the class `ort.Tensor`, for users' own Runnables. What comes out of a join, a split or a payload is a plain
 * object with a tensor's fields, which every session takes: making the class would load the native library in the
 * caller. (ONNX models of this package get NdArrays: `prepare` converts.)
 */
export class OrtTensorContainer implements DataContainer<OrtTensor, OrtTensor> {
  readonly name = "OrtTensorContainer";

  getBatchSize(batch: OrtTensor, batchDim: number): number {
    return arrays().getBatchSize(fromOrtTensor(batch), batchDim);
  }

  batchesToBatch(batches: readonly OrtTensor[], batchDim: number): { batch: OrtTensor; indices: number[] } {
    const { batch, indices } = arrays().batchesToBatch(batches.map(fromOrtTensor), batchDim);
    return { batch: toOrtTensor(batch), indices };
  }

  batchToBatches(batch: OrtTensor, indices: readonly number[], batchDim: number): OrtTensor[] {
    return arrays().batchToBatches(fromOrtTensor(batch), indices, batchDim).map(toOrtTensor);
  }

  async toPayload(batch: OrtTensor, batchDim: number): Promise<Payload> {
    return this.#named(await arrays().toPayload(fromOrtTensor(batch), batchDim));
  }

  async fromPayload(payload: Payload): Promise<OrtTensor> {
    return toOrtTensor(await arrays().fromPayload(payload));
  }

  async batchToPayloads(batch: OrtTensor, indices: readonly number[], batchDim: number): Promise<Payload[]> {
    const payloads = await arrays().batchToPayloads(fromOrtTensor(batch), indices, batchDim);
    return payloads.map((payload) => this.#named(payload));
  }

  async fromBatchPayloads(payloads: readonly Payload[], batchDim: number): Promise<{ batch: OrtTensor; indices: number[] }> {
    const { batch, indices } = await arrays().fromBatchPayloads(payloads, batchDim);
    return { batch: toOrtTensor(batch), indices };
  }

  toTritonPayload(value: OrtTensor, metadata: TritonMetadata, protocol: TritonInterface): TritonTensor {
    return arrays().toTritonPayload(fromOrtTensor(value), metadata, protocol);
  }

  toTritonHttpPayload(value: OrtTensor, metadata: TritonMetadata): TritonTensor {
    return arrays().toTritonHttpPayload(fromOrtTensor(value), metadata);
  }

  toTritonGrpcPayload(value: OrtTensor, metadata: TritonMetadata): TritonTensor {
    return arrays().toTritonGrpcPayload(fromOrtTensor(value), metadata);
  }

  #named(payload: Payload): Payload {
    return { ...payload, container: this.name };
  }
}

/** Tensors are joined, split and sent as arrays are. */
function arrays(): DataContainer<NdArray, NdArray> {
  return defaultRegistry.containerOf(NdArray.zeros("bool", [0])) as DataContainer<NdArray, NdArray>;
}

const ortTensorType = { module: "onnxruntime-node", name: "Tensor", is: isOrtTensor };

/** For `defineAdapter`. */
export const ortTensorRegistration: {
  readonly singleType: typeof ortTensorType;
  readonly batchType: typeof ortTensorType;
  readonly container: OrtTensorContainer;
} = { singleType: ortTensorType, batchType: ortTensorType, container: new OrtTensorContainer() };
