import { ServiceUnavailableError, invariant } from "../errors/index.js";
import type { CancelTimer, Clock } from "../clock/index.js";
import { takeOut, type Call, type RefusalReason } from "../calls/index.js";
import { expectedLateness } from "./admission.js";
import type { Batch } from "./batch.js";
import type { BatchKey, BatchingRules } from "./batch-key.js";
import { returnHorizon } from "./decide.js";
import { KeyTable } from "./key-table.js";
import { QueueLoad, type QueueBounds } from "./queue-load.js";

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

export interface BatcherOptions<Input, Result> extends QueueBounds {
  /** Name of the runner, for messages. */
  readonly name: string;
  readonly clock: Clock;
  readonly target: BatchTarget<Input, Result>;
  readonly onShed?: (method: string, reason: RefusalReason, call: Call<Input, Result>) => void;
}

/** Whoever is refused is told to come again not sooner than this. */
const RETRY_AFTER_MS = 1_000;
/** A sample of the time between two arrivals counts as at most so many full batches: a pause must not blur it. */
const LONGEST_GAP_BATCHES = 10;

/**
 * Adaptive batching: groups calls by key, refuses what cannot be served in time, and decides when a free worker takes how
 * many. Event-driven and without knowledge of values: time comes from the clock, workers are behind `BatchTarget`.
 */
export class Batcher<Input, Result> {
  readonly #options: BatcherOptions<Input, Result>;
  readonly #load: QueueLoad;
  readonly #keys = new KeyTable<Input, Result>();
  readonly #running: Batch<Input, Result>[] = [];
  #turnScheduled = false;
  #cancelWait: CancelTimer | undefined;

  constructor(options: BatcherOptions<Input, Result>) {
    this.#options = options;
    this.#load = new QueueLoad(options);
  }

  get queuedItems(): number {
    return this.#load.items;
  }

  get queuedCalls(): number {
    return this.#load.calls;
  }

  get queuedBytes(): number {
    return this.#load.bytes;
  }

  /** The key with this identity; the rules of its method hold from the key's first use. */
  key(identity: unknown, rules: BatchingRules): BatchKey<Input, Result> {
    return this.#keys.get(identity, rules);
  }

  /** Takes a call, which was made just now, into the queue of its key, or settles it as refused. */
  accept(call: Call<Input, Result>, key: BatchKey<Input, Result>): void {
    const now = call.acceptedAt;
    const passed = this.#load.passedBy(call);
    if (passed !== undefined) return this.#shed(call, key, "full", key.batchTime.at(key.maxBatchSize), `its queue is full (${passed})`);
    const dueBy = key.dueBy(call);
    const fullBatch = key.batchTime.at(key.maxBatchSize);
    if (this.#isOverload(call, key, now, dueBy)) return this.#shed(call, key, "overload", fullBatch);
    const lateness = this.#surelyInTime(call, key, now) ? 0 : this.#lateness(call, key, now, dueBy);
    const isProbe = lateness > 0 && this.#mayBeOutOfDate(key, now);
    if (lateness > 0 && !isProbe) {
      key.overload.callRefused();
      return this.#shed(call, key, "deadline", lateness);
    }
    key.callers.arrived(now, call.items, returnHorizon(key.batchTime, key.maxBatchSize), LONGEST_GAP_BATCHES * fullBatch);
    if (!key.hasWork) this.#keys.join(key);
    if (isProbe) return this.retryAlone([call], key);
    key.queue.push(call, dueBy);
    this.#load.add(call);
    this.kick();
  }

  /** The call was settled by somebody else, an abort or a deadline, while it waited. */
  withdraw(call: Call<Input, Result>, key: BatchKey<Input, Result>): void {
    if (key.alone.includes(call)) return;
    key.queue.withdraw(call);
    this.#load.remove(call);
  }

  /**
   * A batch has ended and its worker is free again. `answered` is how many callers got their answer; `learn` is false for a
   * batch that failed, whose duration tells nothing.
   */
  finished(batch: Batch<Input, Result>, answered: number, learn: boolean): void {
    invariant(takeOut(this.#running, batch), "a batch ended twice");
    const now = this.#options.clock.now();
    const { key } = batch;
    key.runningItems -= batch.items;
    if (learn) {
      key.batchTime.add(batch.items, now - batch.startedAt);
      key.measuredAt = now;
    }
    key.callers.answered(now, answered, returnHorizon(key.batchTime, key.maxBatchSize));
    // Nothing that comes in this turn would fit in: the worker need not wait for its end. After a failure its calls go first, once they are back.
    if (learn && key.queue.items >= key.maxBatchSize) this.turn();
    else this.kick();
  }

  /** Runs calls each alone, before anything that waits and whatever their limit: those of an ended batch once more. */
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
        this.#options.onShed?.(key.method, reason, call);
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
    const decision = key.policy({
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
    for (const call of calls) this.#load.remove(call);
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
    this.#running.push(batch);
    this.#options.target.start(batch);
  }

  #dropLate(key: BatchKey<Input, Result>, now: number): void {
    for (let head = key.queue.head; head !== undefined; head = key.queue.head) {
      if (now + key.batchTime.at(Math.min(key.queue.items, key.maxBatchSize)) <= key.finishBy(head)) return;
      this.#shift(key);
      this.#shed(head, key, "late", 0);
    }
  }

  /** Whether the call would only lengthen the queue of an overload. What most calls need not know is asked last. */
  #isOverload(call: Call<Input, Result>, key: BatchKey<Input, Result>, now: number, dueBy: number): boolean {
    if (!key.overload.hasLasted(now, call.startBy - now)) return false;
    return key.queue.itemsBefore(call.weight, dueBy) + call.items > key.maxBatchSize && this.#keys.hasNoOther(key);
  }

  /** By how many ms the call would probably be answered too late. */
  #lateness(call: Call<Input, Result>, key: BatchKey<Input, Result>, now: number, dueBy: number): number {
    const before = key.queue.itemsBefore(call.weight, dueBy);
    return expectedLateness({
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
      openEnded: key.openEnded,
    });
  }

  /**
   * An estimate by which a call is late even in an idle worker would refuse all calls for ever: nothing would run that could put it right.
   * The first run of a model, say, that took longer than the limit. So a call is let in now and then.
   */
  #mayBeOutOfDate(key: BatchKey<Input, Result>, now: number): boolean {
    return key.isIdle && now - key.measuredAt >= RETRY_AFTER_MS && this.#places(key.method).idleWorkers > 0;
  }

  /** Even if everything that waits ran in one worker, in full batches, after the one that runs now. Spares most calls the estimate. */
  #surelyInTime(call: Call<Input, Result>, key: BatchKey<Input, Result>, now: number): boolean {
    const batches = Math.ceil((key.queue.items + call.items) / key.maxBatchSize) + 2;
    return now + batches * key.batchTime.at(key.maxBatchSize) <= key.finishBy(call) && this.#load.items === key.queue.items;
  }

  #shed(call: Call<Input, Result>, key: BatchKey<Input, Result>, reason: RefusalReason, retryAfterMs: number, why = "the call would not be answered within its latency limit"): void {
    const error = new ServiceUnavailableError(`Runner "${this.#options.name}" is busy: ${why}. Try again later, or give it more workers.`, {
      retryAfterMs: Math.max(RETRY_AFTER_MS, Math.ceil(retryAfterMs)),
    });
    call.settle({ kind: "refused", reason, error });
    this.#options.onShed?.(key.method, reason, call);
  }

  #freeAt(now: number, { lane, workers }: Places): number[] {
    const running = this.#running.filter(({ key }) => this.#places(key.method).lane === lane);
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
    this.#load.remove(call);
    return call;
  }
}
