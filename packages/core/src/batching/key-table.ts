import { BatchKey } from "./batch-key.js";

/** Keys that have nothing to do are forgotten beyond this number, so that odd shapes cannot fill the memory. */
const MOST_IDLE_KEYS = 256;
/** A call older than this many full batches of the dearest key goes first, whatever its key's share. */
const STARVATION_BATCHES = 10;

/**
 * The keys of a batcher, and which of them is served next: the one that has had the least of the workers' time so far
 * (start-time fair queueing over estimated cost), so that a dear key cannot starve a cheap one.
 */
export class KeyTable<Input, Result> {
  readonly #keys = new Map<unknown, BatchKey<Input, Result>>();

  get size(): number {
    return this.#keys.size;
  }

  all(): Iterable<BatchKey<Input, Result>> {
    return this.#keys.values();
  }

  get(identity: unknown, method: string, maxBatchSize: number): BatchKey<Input, Result> {
    let key = this.#keys.get(identity);
    if (key === undefined) {
      if (this.#keys.size >= MOST_IDLE_KEYS) this.#forgetIdle();
      key = new BatchKey(identity, method, maxBatchSize);
      this.#keys.set(identity, key);
    }
    return key;
  }

  /** A key without work gets some: it starts level with the others and cannot claim the time in which it was idle. */
  join(key: BatchKey<Input, Result>): void {
    let least = Infinity;
    for (const other of this.#keys.values()) if (other.hasWork) least = Math.min(least, other.virtualTime);
    if (least < Infinity) key.virtualTime = Math.max(key.virtualTime, least);
  }

  /** The key to serve now, if any has work besides those of `except`. */
  next(now: number, except: ReadonlySet<BatchKey<Input, Result>>): BatchKey<Input, Result> | undefined {
    let next: BatchKey<Input, Result> | undefined;
    let dearest = 0;
    for (const key of this.#keys.values()) {
      if (except.has(key) || !key.hasWork) continue;
      dearest = Math.max(dearest, key.batchTime.at(key.maxBatchSize));
      if (next === undefined || key.virtualTime < next.virtualTime) next = key;
    }
    if (next === undefined || this.#keys.size === 1) return next;
    return this.#starving(now, STARVATION_BATCHES * dearest, except) ?? next;
  }

  #starving(now: number, patience: number, except: ReadonlySet<BatchKey<Input, Result>>): BatchKey<Input, Result> | undefined {
    let oldest: BatchKey<Input, Result> | undefined;
    let acceptedAt = now - patience;
    for (const key of this.#keys.values()) {
      const head = except.has(key) ? undefined : key.queue.head;
      if (patience === 0 || head === undefined || head.acceptedAt >= acceptedAt) continue;
      oldest = key;
      acceptedAt = head.acceptedAt;
    }
    return oldest;
  }

  #forgetIdle(): void {
    for (const [identity, key] of this.#keys) if (key.isIdle) this.#keys.delete(identity);
  }
}
