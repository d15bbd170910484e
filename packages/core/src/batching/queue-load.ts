import type { Call } from "../calls/index.js";

/** How much may wait in a batcher, over all keys. */
export interface QueueBounds {
  /** Items. */
  readonly maxQueueSize: number;
  /** Bytes of the calls' arguments. Default: as many as there are. */
  readonly maxQueueBytes?: number | undefined;
}

type Size = Pick<Call, "items" | "bytes">;

/** What waits in a batcher, over all keys. Calls that are run again after a failure of their batch count no more. */
export class QueueLoad {
  #items = 0;
  #calls = 0;
  #bytes = 0;

  constructor(private readonly bounds: QueueBounds) {}

  get items(): number {
    return this.#items;
  }

  get calls(): number {
    return this.#calls;
  }

  /** Bytes of the arguments of what waits. */
  get bytes(): number {
    return this.#bytes;
  }

  add({ items, bytes }: Size): void {
    this.#items += items;
    this.#bytes += bytes;
    this.#calls++;
  }

  remove({ items, bytes }: Size): void {
    this.#items -= items;
    this.#bytes -= bytes;
    this.#calls--;
  }

  /** The bound that another call would pass, as its caller is told; undefined where there is room for it. */
  passedBy({ items, bytes }: Size): string | undefined {
    const { maxQueueSize, maxQueueBytes = Infinity } = this.bounds;
    if (this.#items + items > maxQueueSize) return `maxQueueSize ${String(maxQueueSize)} items`;
    if (this.#bytes + bytes > maxQueueBytes) return `maxQueueBytes ${String(maxQueueBytes)}: ${String(this.#bytes)} bytes wait, the call has ${String(bytes)}`;
    return undefined;
  }
}
