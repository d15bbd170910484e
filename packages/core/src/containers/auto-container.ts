import { InvalidArgumentError } from "../errors/index.js";
import type { ContainerRegistry } from "./container-registry.js";
import type { DataContainer, JoinedBatch } from "./data-container.js";
import { defaultRegistry } from "./default-registry.js";
import type { Params } from "./params.js";
import { commonContainer } from "./payload-container.js";
import type { Payload } from "./payload.js";
import type { TritonInterface, TritonMetadata, TritonTensor } from "./triton-tensor.js";

/**
 * Every value by its own container: payloads by the name that they carry, Triton inputs by single type, all else by
 * `ContainerRegistry.containerOf`. What is joined must be of one container.
 */
export class AutoContainer implements DataContainer {
  readonly name = "AutoContainer";

  constructor(private readonly registry: ContainerRegistry) {}

  getBatchSize(batch: unknown, batchDim: number): number {
    return this.registry.containerOf(batch).getBatchSize(batch, batchDim);
  }

  batchesToBatch(batches: readonly unknown[], batchDim: number): JoinedBatch<unknown> {
    if (batches.length === 0) throw new InvalidArgumentError("Cannot join no values: pass at least one.");
    const container = this.registry.containerOf(batches[0]);
    const other = batches.map((value) => this.registry.containerOf(value)).find((own) => own !== container);
    if (other === undefined) return container.batchesToBatch(batches, batchDim);
    throw new InvalidArgumentError(`Values of different containers cannot be joined: ${container.name} and ${other.name}.`);
  }

  batchToBatches(batch: unknown, indices: readonly number[], batchDim: number): unknown[] {
    return this.registry.containerOf(batch).batchToBatches(batch, indices, batchDim);
  }

  toPayload(batch: unknown, batchDim: number): Payload | Promise<Payload> {
    return this.registry.containerOf(batch).toPayload(batch, batchDim);
  }

  /** @throws NotFoundError when no container has the name that the payload carries. */
  fromPayload(payload: Payload): unknown {
    return this.registry.findByName(payload.container).fromPayload(payload);
  }

  batchToPayloads(batch: unknown, indices: readonly number[], batchDim: number): Promise<Payload[]> {
    return this.registry.containerOf(batch).batchToPayloads(batch, indices, batchDim);
  }

  async fromBatchPayloads(payloads: readonly Payload[], batchDim: number): Promise<JoinedBatch<unknown>> {
    return commonContainer(payloads, this.registry).fromBatchPayloads(payloads, batchDim);
  }

  toTritonPayload(value: unknown, metadata: TritonMetadata, protocol: TritonInterface): TritonTensor {
    return this.registry.findBySingleType(value).toTritonPayload(value, metadata, protocol);
  }

  toTritonHttpPayload(value: unknown, metadata: TritonMetadata): TritonTensor {
    return this.registry.findBySingleType(value).toTritonHttpPayload(value, metadata);
  }

  toTritonGrpcPayload(value: unknown, metadata: TritonMetadata): TritonTensor {
    return this.registry.findBySingleType(value).toTritonGrpcPayload(value, metadata);
  }

  /** A payload for each argument of a call. */
  async paramsToPayloads(params: Params, batchDim: number): Promise<Params<Payload>> {
    return settled(params.map(async (value) => this.toPayload(value, batchDim)));
  }

  /** The arguments of a call that came as payloads. */
  async paramsFromPayloads(params: Params<Payload>): Promise<Params> {
    return settled(params.map(async (payload) => this.fromPayload(payload)));
  }
}

/** On the default registry. */
export const autoContainer: AutoContainer = new AutoContainer(defaultRegistry);

async function settled<Value>(params: Params<Promise<Value>>): Promise<Params<Value>> {
  const waiting = params.entries().map(([, value]) => value);
  const values = await Promise.all(waiting);
  let next = 0;
  return params.map(() => values[next++] as Value);
}
