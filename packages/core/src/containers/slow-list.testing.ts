import { ContainerRegistry } from "./container-registry.js";
import { DataContainerBase, type JoinedBatch } from "./data-container.js";
import { defaultContainer } from "./default-container.js";
import type { Payload } from "./payload.js";

/** A list of a class of its own. */
export class SlowList {
  constructor(readonly items: readonly string[]) {}
}

/** A container that has to wait when it reads and writes, as one that encodes pictures has. */
export class SlowListContainer extends DataContainerBase<SlowList> {
  readonly name = "SlowListContainer";

  getBatchSize(batch: SlowList): number {
    return batch.items.length;
  }

  batchesToBatch(batches: readonly SlowList[], batchDim: number): JoinedBatch<SlowList> {
    const { batch, indices } = defaultContainer.batchesToBatch(batches.map(({ items }) => items), batchDim);
    return { batch: new SlowList(batch as string[]), indices };
  }

  batchToBatches(batch: SlowList, indices: readonly number[], batchDim: number): SlowList[] {
    return defaultContainer.batchToBatches(batch.items, indices, batchDim).map((items) => new SlowList(items as string[]));
  }

  toPayload(batch: SlowList): Promise<Payload> {
    return Promise.resolve({ container: this.name, meta: { items: [...batch.items] }, batchSize: batch.items.length, buffers: [] });
  }

  fromPayload({ meta }: Payload): Promise<SlowList> {
    return Promise.resolve(new SlowList(meta["items"] as string[]));
  }
}

/** A registry with nothing but this container and the default one. */
export function slowListRegistry(): ContainerRegistry {
  const registry = new ContainerRegistry(defaultContainer);
  registry.registerContainer(SlowList, SlowList, new SlowListContainer());
  return registry;
}
