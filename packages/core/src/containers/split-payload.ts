import type { ContainerRegistry } from "./container-registry.js";
import type { Payload } from "./payload.js";

/**
 * Splits a payload by the container that made it, at once unless that has to wait.
 *
 * @throws NotFoundError for an unknown container, InvalidArgumentError when `indices` do not end with the batch's size.
 */
export function splitPayload(payload: Payload, indices: readonly number[], batchDim: number, registry: ContainerRegistry): readonly Payload[] | Promise<readonly Payload[]> {
  const container = registry.findByName(payload.container);
  const batch = container.fromPayload(payload);
  if (batch instanceof Promise) return batch.then((value: unknown) => container.batchToPayloads(value, indices, batchDim));
  const parts = container.batchToBatches(batch, indices, batchDim).map((part) => container.toPayload(part, batchDim));
  return parts.some((part) => part instanceof Promise) ? Promise.all(parts.map(async (part) => part)) : (parts as readonly Payload[]);
}
