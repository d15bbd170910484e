import { InvalidArgumentError } from "../errors/index.js";
import { checkIndices } from "../ndarray/index.js";
import type { Payload } from "./payload.js";
import type { TritonInterface, TritonMetadata, TritonTensor } from "./triton-tensor.js";

/** Batches joined into one, and where each lies in it. */
export interface JoinedBatch<Batch> {
  /** All of them, one after the other. */
  readonly batch: Batch;
  /** Cumulative from 0: n batches, n + 1 numbers. */
  readonly indices: number[];
}

/**
 * How one kind of value is joined into batches, split again, and sent. Joining never shares memory with its parts; splitting
 * and payloads may give views on the batch, so whoever keeps or sends them decides whether to copy.
 *
 * Every method throws InvalidArgumentError for a value that it cannot take.
 */
export interface DataContainer<Single = unknown, Batch = unknown> {
  /** Identity on the wire; unique in a registry. */
  readonly name: string;
  /** Items along `batchDim`. */
  getBatchSize(batch: Batch, batchDim: number): number;
  /** Joins values along `batchDim`, in their order, and tells where each lies. */
  batchesToBatch(batches: readonly Single[], batchDim: number): JoinedBatch<Batch>;
  /** The inverse: `indices` must end with the batch's size. */
  batchToBatches(batch: Batch, indices: readonly number[], batchDim: number): Single[];
  /**
   * Never refuses a value for its want of a batch dimension: its batch size is then 1. One that has to wait reads the value before it
   * does: the caller may overwrite its memory as soon as it has the promise.
   */
  toPayload(batch: Batch, batchDim: number): Payload | Promise<Payload>;
  /** Trusts nothing: a payload may come from a stranger. */
  fromPayload(payload: Payload): Batch | Promise<Batch>;
  /** A payload for each part of a batch, as `batchToBatches` would cut it. */
  batchToPayloads(batch: Batch, indices: readonly number[], batchDim: number): Promise<Payload[]>;
  /** The inverse: reads payloads, and joins what was in them into one batch. */
  fromBatchPayloads(payloads: readonly Payload[], batchDim: number): Promise<JoinedBatch<Batch>>;
  /** The value as the input of a Triton model that `metadata` describes, for one of Triton's interfaces. */
  toTritonPayload(value: Single, metadata: TritonMetadata, protocol: TritonInterface): TritonTensor;
  /** The value as an input over HTTP with the binary tensor extension. */
  toTritonHttpPayload(value: Single, metadata: TritonMetadata): TritonTensor;
  /** The value as an input over gRPC. */
  toTritonGrpcPayload(value: Single, metadata: TritonMetadata): TritonTensor;
}

/**
 * Derives the two methods on many payloads from the others; `Single` must be a kind of `Batch` that `toPayload` takes. Values
 * go to no Triton server unless a container says how.
 */
export abstract class DataContainerBase<Single = unknown, Batch extends Single = Single> implements DataContainer<Single, Batch> {
  abstract readonly name: string;

  abstract getBatchSize(batch: Single, batchDim: number): number;
  abstract batchesToBatch(batches: readonly Single[], batchDim: number): JoinedBatch<Batch>;
  abstract batchToBatches(batch: Single, indices: readonly number[], batchDim: number): Batch[];
  abstract toPayload(batch: Single, batchDim: number): Payload | Promise<Payload>;
  abstract fromPayload(payload: Payload): Batch | Promise<Batch>;

  async batchToPayloads(batch: Single, indices: readonly number[], batchDim: number): Promise<Payload[]> {
    checkIndices(indices, this.getBatchSize(batch, batchDim));
    const parts = this.batchToBatches(batch, indices, batchDim);
    return Promise.all(parts.map(async (part) => this.toPayload(part, batchDim)));
  }

  async fromBatchPayloads(payloads: readonly Payload[], batchDim: number): Promise<JoinedBatch<Batch>> {
    const batches = await Promise.all(payloads.map(async (payload) => this.fromPayload(payload)));
    return this.batchesToBatch(batches, batchDim);
  }

  toTritonPayload(value: Single, metadata: TritonMetadata, protocol: TritonInterface): TritonTensor {
    return protocol === "http" ? this.toTritonHttpPayload(value, metadata) : this.toTritonGrpcPayload(value, metadata);
  }

  toTritonHttpPayload(_value: Single, metadata: TritonMetadata): TritonTensor {
    throw noTritonPayload(this.name, metadata);
  }

  toTritonGrpcPayload(_value: Single, metadata: TritonMetadata): TritonTensor {
    throw noTritonPayload(this.name, metadata);
  }
}

function noTritonPayload(container: string, metadata: TritonMetadata): InvalidArgumentError {
  return new InvalidArgumentError(
    `${container} does not convert values to Triton payloads (input "${metadata.name}", ${metadata.datatype}): pass an NdArray instead.`,
  );
}
