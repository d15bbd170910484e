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
  readonly buffers: readonly Uint8Array[];
}
