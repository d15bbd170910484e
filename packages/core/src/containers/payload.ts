/** A value that JSON can say. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [name: string]: JsonValue };

/**
 * A value taken apart for the way to another thread, process or host. Numbers in buffers are little-endian, as on every
 * machine that Node's releases run on.
 */
export interface Payload {
  /** Name of the container that made it and reads it. */
  readonly container: string;
  /** What the container needs besides the buffers; small, since it may travel in a header. */
  readonly meta: Readonly<Record<string, JsonValue>>;
  /** Items along the batch dim; 1 for a value that has none. */
  readonly batchSize: number;
  /** The bulk of the value, such as the elements of its arrays; any number of buffers, also none. */
  readonly buffers: readonly Uint8Array[];
}

/** True for a record with the fields of a payload and no others: payloads cross threads as plain records, so no class tells them. */
export function isPayload(value: unknown): value is Payload {
  if (typeof value !== "object" || value === null) return false;
  const { container, meta, batchSize, buffers } = value as Partial<Payload>;
  if (typeof container !== "string" || typeof meta !== "object" || typeof batchSize !== "number" || !Array.isArray(buffers)) return false;
  return buffers.every((bytes) => bytes instanceof Uint8Array) && Object.keys(value).length === 4;
}
