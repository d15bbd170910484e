import { InvalidArgumentError } from "../errors/index.js";
import { checkIndices } from "../ndarray/index.js";
import type { ContainerRegistry } from "./container-registry.js";
import { DataContainerBase, type JoinedBatch } from "./data-container.js";
import { commonBatchSize, isSideArgument, joinParams } from "./join-params.js";
import { Params } from "./params.js";
import { atOnce } from "./payload-container.js";
import { isPayload, type Payload } from "./payload.js";

/**
 * The arguments of whole calls, values or payloads: each argument is joined and split by its own container, and arguments that
 * came as payloads are payloads again afterwards. Side arguments (a temperature) must be equal in all calls of a batch, and
 * go to every call when it is split.
 */
export class ParamsContainer extends DataContainerBase<Params> {
  readonly name = "ParamsContainer";

  constructor(private readonly registry: ContainerRegistry) {
    super();
  }

  /** The size that all arguments with items have; 1 when there are none. */
  getBatchSize(batch: Params, batchDim: number): number {
    return commonBatchSize(this.#read(batch), batchDim, this.registry);
  }

  batchesToBatch(batches: readonly Params[], batchDim: number): JoinedBatch<Params> {
    const joined = joinParams(batches.map((call) => this.#read(call)), batchDim, this.registry);
    const pack = (value: unknown, key: number | string): unknown => (isPayload(batches[0]?.get(key)) ? this.#pack(value, batchDim) : value);
    return { batch: joined.params.map(pack), indices: joined.indices };
  }

  batchToBatches(batch: Params, indices: readonly number[], batchDim: number): Params[] {
    checkIndices(indices, this.getBatchSize(batch, batchDim));
    const parts = indices.slice(1);
    if (batch.size === 0) return parts.map(() => batch);
    return Params.transpose(
      batch.map((argument): readonly unknown[] => {
        const value = this.#value(argument);
        if (isSideArgument(value, this.registry)) return parts.map(() => argument);
        const split = this.registry.containerOf(value).batchToBatches(value, indices, batchDim);
        return isPayload(argument) ? split.map((part) => this.#pack(part, batchDim)) : split;
      }),
    );
  }

  toPayload(batch: Params): never {
    throw new InvalidArgumentError(`The ${String(batch.size)} arguments of a call are no single payload: send one for each, as encodeFrame does.`);
  }

  fromPayload(): never {
    throw new InvalidArgumentError("No payload holds the arguments of a call: read each argument's own.");
  }

  #read(call: Params): Params {
    return call.map((argument) => this.#value(argument));
  }

  #value(argument: unknown): unknown {
    if (!isPayload(argument)) return argument;
    const container = this.registry.findByName(argument.container);
    return atOnce(container, "fromPayload", container.fromPayload(argument));
  }

  #pack(value: unknown, batchDim: number): Payload {
    const container = this.registry.containerOf(value);
    return atOnce(container, "toPayload", container.toPayload(value, batchDim));
  }
}
