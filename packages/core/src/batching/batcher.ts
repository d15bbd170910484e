import { ServiceUnavailableError, invariant } from "../errors/index.js";
import type { CancelTimer, Clock } from "../clock/index.js";
import type { Call, RefusalReason } from "../calls/index.js";
import { expectedLateness } from "./admission.js";
import type { Batch } from "./batch.js";
import type { BatchKey } from "./batch-key.js";
import { returnHorizon } from "./decide.js";
import { KeyTable } from "./key-table.js";
import { adaptivePolicy, type BatchingPolicy } from "./policy.js";

/** Where batches run. The batcher forms a batch only when a worker is free for it, as late as it can. */
export interface BatchTarget<Input, Result> {
  /** Workers that are alive, busy or free. */
  readonly workers: number;
  readonly idleWorkers: number;
  /**
   * What there is for the batches of one method, where a worker may run several of its batches beside each other: each place counts
   * as a worker. Methods of one `lane` share their places. Without it all methods share the workers.
   */
  placesFor?(method: string): Places;
  start(batch: Batch<Input, Result>): void;
}

export interface Places {
  readonly lane: string;
  readonly workers: number;
  readonly idleWorkers: number;
}

export interface BatcherOptions<Input, Result> {
  /** Name of the runner, for messages. */
  readonly name: string;
  readonly clock: Clock;
  readonly target: BatchTarget<Input, Result>;
  /** Most items that may wait, over all keys. */
  readonly maxQueueSize: number;
  /** Default: the adaptive one. */
  readonly policy?: BatchingPolicy;
  readonly onShed?: (method: string, reason: RefusalReason, items: number) => void;
}

/** A sample of the time between two arrivals counts as at most so many full batches: a pause must not blur it. */
const LONGEST_GAP_BATCHES = 10;

/**
 * Adaptive batching: groups calls by key, refuses what cannot be served in time, and decides when a free worker takes how
 * many. Event-driven and without knowledge of values: time comes from the clock, workers are behind `BatchTarget`.
 */
export class Batcher<Input, Result> {
  readonly #options: BatcherOptions<Input, Result>;
  readonly #policy: BatchingPolicy;
  readonly #keys = new KeyTable<Input, Result>();
  readonly #running = new Set<Batch<Input, Result>>();
  #queuedItems = 0;
  #queuedCalls = 0;
  #turnScheduled = false;
  #cancelWait: CancelTimer | undefined;

  constructor(options: BatcherOptions<Input, Result>) {
    this.#options = options;
    this.#policy = options.policy ?? adaptivePolicy;
  }

  get queuedItems(): number {
    return this.#queuedItems;
  }

  get queuedCalls(): number {
    return this.#queuedCalls;
  }

  /** The key with this identity; `maxBatchSize` counts items and holds, as `openEnded` does, from the key's first use. */
  key(identity: unknown, method: string, maxBatchSize: number, openEnded?: boolean): BatchKey<Input, Result> {
    return this.#keys.get(identity, method, maxBatchSize, openEnded);
  }

  /** Takes a call, which was made just now, into the queue of its key, or settles it as refused. */
  accept(call: Call<Input, Result>, key: BatchKey<Input, Result>): void {
    const now = call.acceptedAt;
    if (this.#refuse(call, key, now)) return;
    const fullBatch = key.batchTime.at(key.maxBatchSize);
    key.callers.arrived(now, call.items, returnHorizon(key.batchTime, key.maxBatchSize), LONGEST_GAP_BATCHES * fullBatch);
    if (!key.hasWork) this.#keys.join(key);
    key.queue.push(call, key.dueBy(call));
    this.#queuedItems += call.items;
    this.#queuedCalls++;
    this.kick();
  }

  /** The call was settled by somebody else, an abort or a deadline, while it waited. */
  withdraw(call: Call<Input, Result>, key: BatchKey<Input, Result>): void {
    if (key.alone.includes(call)) return;
    key.queue.withdraw(call);
    this.#queuedItems -= call.items;
    this.#queuedCalls--;
  }

  /**
   * A batch has ended and its worker is free again. `answered` is how many callers got their answer; `learn` is false for a
   * batch that failed, whose duration tells nothing.
   */
  finished(batch: Batch<Input, Result>, answered: number, learn: boolean): void {
    invariant(this.#running.delete(batch), "a batch ended twice");
    const now = this.#options.clock.now();
    const { key } = batch;
    key.runningItems -= batch.items;
    if (learn) key.batchTime.add(batch.items, now - batch.startedAt);
    key.callers.answered(now, answered, returnHorizon(key.batchTime, key.maxBatchSize));
    this.kick();
  }

  /** Runs the calls of an ended batch again, each alone, before anything that waits. */
  retryAlone(calls: readonly Call<Input, Result>[], key: BatchKey<Input, Result>): void {
    for (const call of calls) {
      if (call.settled) continue;
      call.requeue();
      key.alone.push(call);
    }
    this.kick();
  }

  /** Refuses everything that waits, for instance since no worker is left. */
  refuseAll(reason: RefusalReason, makeError: () => Error): void {
    for (const key of this.#keys.all()) {
      for (let call = key.takeAlone(); call !== undefined; call = key.takeAlone()) call.settle({ kind: "refused", reason, error: makeError() });
      for (let call = this.#shift(key); call !== undefined; call = this.#shift(key)) {
        call.settle({ kind: "refused", reason, error: makeError() });
        this.#options.onShed?.(key.method, reason, call.items);
      }
    }
  }

  /** Something changed that may let a batch start. */
  kick(): void {
    if (this.#turnScheduled || this.#options.target.idleWorkers === 0) return;
    this.#turnScheduled = true;
    this.#options.clock.nextTurn(() => this.turn());
  }

  /**
   * Starts what can be started, and says when to look again, ms of the clock. It is done at the end of a turn of the event loop, when
   * what arrived in it is in the queue; a thread that blocks must do it by itself.
   */
  turn(): number {
    this.#turnScheduled = false;
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    const waiting = new Set<BatchKey<Input, Result>>();
    let lookAgainAt = Infinity;
    while (this.#options.target.idleWorkers > 0) {
      const now = this.#options.clock.now();
      const key = this.#keys.next(now, waiting);
      if (key === undefined) break;
      const until = this.#serve(key, now);
      if (until === undefined) continue;
      waiting.add(key);
      lookAgainAt = Math.min(lookAgainAt, until);
    }
    if (lookAgainAt < Infinity) this.#cancelWait = this.#options.clock.at(lookAgainAt, () => this.turn());
    return lookAgainAt;
  }

  /** Starts a batch of the key, or says until when it waits. */
  #serve(key: BatchKey<Input, Result>, now: number): number | undefined {
    const { workers, idleWorkers } = this.#places(key.method);
    // Somebody else's end makes room, and is heard of.
    if (idleWorkers === 0) return Infinity;
    const alone = key.takeAlone();
    if (alone !== undefined) {
      this.#start(key, [alone], now);
      return undefined;
    }
    this.#dropLate(key, now);
    if (key.queue.head === undefined) return undefined;
    const decision = this.#policy({
      now,
      waiting: key.queue.items,
      running: key.runningItems,
      idleWorkers,
      workers,
      maxBatchSize: key.maxBatchSize,
      headAcceptedAt: key.queue.oldestAcceptedAt,
      headStartBy: key.queue.earliestStartBy,
      batchTime: key.batchTime,
      callers: key.callers,
      waitingSince: key.waitingSince,
    });
    if (decision.until !== undefined) {
      key.waitingSince = decision.since;
      return decision.until;
    }
    const calls = key.queue.take(decision.go);
    for (const call of calls) this.#queuedItems -= call.items;
    this.#queuedCalls -= calls.length;
    this.#start(key, calls, now);
    return undefined;
  }

  #start(key: BatchKey<Input, Result>, calls: readonly Call<Input, Result>[], now: number): void {
    let items = 0;
    let weighted = 0;
    for (const call of calls) {
      call.start();
      items += call.items;
      weighted += call.items * call.weight;
    }
    const batch: Batch<Input, Result> = { key, calls, items, startedAt: now };
    key.waitingSince = -1;
    key.overload.batchFormed(now, items, key.maxBatchSize);
    key.runningItems += items;
    this.#keys.charge(key, (key.batchTime.at(items) * items) / weighted);
    this.#running.add(batch);
    this.#options.target.start(batch);
  }

  #dropLate(key: BatchKey<Input, Result>, now: number): void {
    for (let head = key.queue.head; head !== undefined; head = key.queue.head) {
      if (now + key.batchTime.at(Math.min(key.queue.items, key.maxBatchSize)) <= key.finishBy(head)) return;
      this.#shift(key);
      this.#shed(head, key, "late", 0);
    }
  }

  #refuse(call: Call<Input, Result>, key: BatchKey<Input, Result>, now: number): boolean {
    if (this.#queuedItems + call.items > this.#options.maxQueueSize) {
      this.#shed(call, key, "full", key.batchTime.at(key.maxBatchSize));
      return true;
    }
    const before = key.queue.itemsBefore(call.weight, key.dueBy(call));
    if (before + call.items > key.maxBatchSize && key.overload.hasLasted(now, call.startBy - now) && this.#keys.hasNoOther(key)) {
      this.#shed(call, key, "overload", key.batchTime.at(key.maxBatchSize));
      return true;
    }
    if (this.#surelyInTime(call, key, now)) return false;
    const lateness = expectedLateness({
      now,
      items: call.items,
      queuedItems: before,
      maxBatchSize: key.maxBatchSize,
      batchTime: key.batchTime,
      freeAt: this.#freeAt(now, this.#places(key.method)),
      otherKeys: this.#keys.costBefore(key, before + call.items),
      betweenArrivals: key.callers.betweenArrivals,
      itemsPerCall: key.callers.items,
      deadline: key.finishBy(call),
    });
    if (lateness <= 0) return false;
    key.overload.callRefused();
    this.#shed(call, key, "deadline", lateness);
    return true;
  }

  /** Even if everything that waits ran in one worker, in full batches, after the one that runs now. Spares most calls the estimate. */
  #surelyInTime(call: Call<Input, Result>, key: BatchKey<Input, Result>, now: number): boolean {
    const batches = Math.ceil((key.queue.items + call.items) / key.maxBatchSize) + 2;
    return now + batches * key.batchTime.at(key.maxBatchSize) <= key.finishBy(call) && this.#queuedItems === key.queue.items;
  }

  #shed(call: Call<Input, Result>, key: BatchKey<Input, Result>, reason: RefusalReason, retryAfterMs: number): void {
    const { name, maxQueueSize } = this.#options;
    const why =
      reason === "full"
        ? `its queue is full (maxQueueSize ${String(maxQueueSize)} items)`
        : `the call would not be answered within its latency limit`;
    const error = new ServiceUnavailableError(`Runner "${name}" is busy: ${why}. Try again later, or give it more workers.`, {
      retryAfterMs: Math.max(1000, Math.ceil(retryAfterMs)),
    });
    call.settle({ kind: "refused", reason, error });
    this.#options.onShed?.(key.method, reason, call.items);
  }

  #freeAt(now: number, { lane, workers }: Places): number[] {
    const running = [...this.#running].filter(({ key }) => this.#places(key.method).lane === lane);
    const busy = running.map((batch) => Math.max(now, batch.startedAt + batch.key.batchTime.at(batch.items)));
    const free = Array.from({ length: Math.max(workers - busy.length, 0) }, () => now);
    return [...busy, ...free];
  }

  #places(method: string): Places {
    const { target } = this.#options;
    return target.placesFor?.(method) ?? { lane: "", workers: target.workers, idleWorkers: target.idleWorkers };
  }

  #shift(key: BatchKey<Input, Result>): Call<Input, Result> | undefined {
    const call = key.queue.shift();
    if (call === undefined) return undefined;
    this.#queuedItems -= call.items;
    this.#queuedCalls--;
    return call;
  }
}
