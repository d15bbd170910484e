import { BatchKey, type BatchingRules } from "./batch-key.js";

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
  /** Virtual time at which the latest batch began. */
  #virtualNow = 0;

  get size(): number {
    return this.#keys.size;
  }

  all(): Iterable<BatchKey<Input, Result>> {
    return this.#keys.values();
  }

  get(identity: unknown, rules: BatchingRules): BatchKey<Input, Result> {
    let key = this.#keys.get(identity);
    if (key === undefined) {
      if (this.#keys.size >= MOST_IDLE_KEYS) this.#forgetIdle();
      key = new BatchKey(identity, rules);
      this.#keys.set(identity, key);
    }
    return key;
  }

  /** A key without work gets some: it starts level with what is being served and cannot claim the time in which it was idle. */
  join(key: BatchKey<Input, Result>): void {
    key.virtualTime = Math.max(key.virtualTime, this.#virtualNow);
  }

  /** A batch of the key begins, whose `cost` (ms over weight) counts against its share. */
  charge(key: BatchKey<Input, Result>, cost: number): void {
    this.#virtualNow = Math.max(this.#virtualNow, key.virtualTime);
    key.virtualTime += cost;
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

  /** True when no key but this one has or runs anything. */
  hasNoOther(key: BatchKey<Input, Result>): boolean {
    for (const other of this.#keys.values()) if (other !== key && !other.isIdle) return false;
    return true;
  }

  /**
   * Work of the other keys that will be served before `items` of this key, ms of one worker: each has its fair share of the time
   * until then, or less when it has less to do.
   */
  costBefore(key: BatchKey<Input, Result>, items: number): number {
    const servedBy = Math.max(key.virtualTime, this.#virtualNow) + backlog(key, items);
    let cost = 0;
    for (const other of this.#keys.values()) {
      const ahead = servedBy - other.virtualTime;
      if (other === key || !other.hasWork || ahead <= 0) continue;
      // A batch that has begun is not interrupted: its share is served in whole batches.
      const batch = other.batchTime.at(Math.min(other.queue.items, other.maxBatchSize));
      cost += Math.min(backlog(other, other.queue.items), batch > 0 ? Math.ceil(ahead / batch) * batch : 0);
    }
    return cost;
  }

  #starving(now: number, patience: number, except: ReadonlySet<BatchKey<Input, Result>>): BatchKey<Input, Result> | undefined {
    let oldest: BatchKey<Input, Result> | undefined;
    let acceptedAt = now - patience;
    for (const key of this.#keys.values()) {
      const head = except.has(key) ? Infinity : key.queue.oldestAcceptedAt;
      if (patience === 0 || head >= acceptedAt) continue;
      oldest = key;
      acceptedAt = head;
    }
    return oldest;
  }

  #forgetIdle(): void {
    for (const [identity, key] of this.#keys) if (key.isIdle) this.#keys.delete(identity);
  }
}

/** Time of so many items in full batches, ms of one worker. */
function backlog<Input, Result>({ batchTime, maxBatchSize }: BatchKey<Input, Result>, items: number): number {
  const full = Math.floor(items / maxBatchSize);
  const rest = items % maxBatchSize;
  return full * batchTime.at(maxBatchSize) + (rest > 0 ? batchTime.at(rest) : 0);
}
