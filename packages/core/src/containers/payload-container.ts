import { InvalidArgumentError } from "../errors/index.js";
import type { ContainerRegistry } from "./container-registry.js";
import { DataContainerBase, type DataContainer, type JoinedBatch } from "./data-container.js";
import type { Payload } from "./payload.js";
import { splitPayload } from "./split-payload.js";

/**
 * Values that are payloads already: joined and split by the container that made them, and payloads again afterwards.
 * `batchesToBatch` and `batchToBatches` need a container that does not have to wait; the methods on many payloads do for all.
 */
export class PayloadContainer extends DataContainerBase<Payload> {
  readonly name = "PayloadContainer";

  constructor(private readonly registry: ContainerRegistry) {
    super();
  }

  /** What the payload says; its value is not read. */
  getBatchSize(batch: Payload): number {
    return batch.batchSize;
  }

  batchesToBatch(batches: readonly Payload[], batchDim: number): JoinedBatch<Payload> {
    const container = commonContainer(batches, this.registry);
    const values = batches.map((payload) => atOnce(container, "fromPayload", container.fromPayload(payload)));
    const { batch, indices } = container.batchesToBatch(values, batchDim);
    return { batch: atOnce(container, "toPayload", container.toPayload(batch, batchDim)), indices };
  }

  batchToBatches(batch: Payload, indices: readonly number[], batchDim: number): Payload[] {
    const container = this.registry.findByName(batch.container);
    const parts = container.batchToBatches(atOnce(container, "fromPayload", container.fromPayload(batch)), indices, batchDim);
    return parts.map((part) => atOnce(container, "toPayload", container.toPayload(part, batchDim)));
  }

  /** Refuses: a payload in a payload would come out as another value than went in. */
  toPayload(batch: Payload): never {
    throw new InvalidArgumentError(`A payload (of ${batch.container}) is no value to be sent: send it as it is, or the value that it was made from.`);
  }

  fromPayload(): never {
    throw new InvalidArgumentError("No payload holds a payload: read it with the container that it names.");
  }

  override async batchToPayloads(batch: Payload, indices: readonly number[], batchDim: number): Promise<Payload[]> {
    return [...(await splitPayload(batch, indices, batchDim, this.registry))];
  }

  override async fromBatchPayloads(payloads: readonly Payload[], batchDim: number): Promise<JoinedBatch<Payload>> {
    const container = commonContainer(payloads, this.registry);
    const { batch, indices } = await container.fromBatchPayloads(payloads, batchDim);
    return { batch: await container.toPayload(batch, batchDim), indices };
  }
}

/**
 * The container of all of them: what another one made must not be read by the first one's.
 *
 * @throws InvalidArgumentError for none, and for payloads of different containers; NotFoundError for an unknown container.
 */
export function commonContainer(payloads: readonly Payload[], registry: ContainerRegistry): DataContainer {
  const [first] = payloads;
  if (first === undefined) throw new InvalidArgumentError("Cannot join no payloads: pass at least one.");
  const other = payloads.find(({ container }) => container !== first.container);
  if (other === undefined) return registry.findByName(first.container);
  throw new InvalidArgumentError(`Payloads of different containers cannot be joined: ${first.container} and ${other.container}.`);
}

/** What a container gave without waiting. */
export function atOnce<Result>(container: DataContainer, method: string, result: Result | Promise<Result>): Result {
  if (!(result instanceof Promise)) return result;
  result.catch(() => undefined);
  throw new InvalidArgumentError(
    `${container.name}.${method}() is asynchronous, so its payloads cannot be joined or split at once: use fromBatchPayloads and batchToPayloads.`,
  );
}
