import { WorkerCrashedError, invariant } from "../../errors/index.js";
import type { CancelTimer, Clock } from "../../clock/index.js";
import { Bell, fromErrorData, type ErrorData } from "../wire/index.js";
import type { Job, Lane } from "./job.js";
import { Replacements } from "./replacements.js";
import type { RecyclingLimits } from "./recycling.js";
import { RestartBudget } from "./restart-budget.js";
import type { MakeLink } from "./worker-link.js";
import { WorkerSlot } from "./worker-slot.js";

/**
 * What the pool tells: a worker changed. `failed` is the end of the pool's hopes, `hung` a run that takes too long and cannot be ended,
 * `recycled` a worker whose place another one has taken; with the reason.
 */
export type WorkerEvent = "started" | "ready" | "crashed" | "failed" | "hung" | "recycled";

export interface WorkerPoolOptions {
  readonly size: number;
  readonly clock: Clock;
  readonly makeLink: MakeLink;
  /** How long a run may take, ms; `Infinity` for as long as it likes. */
  readonly runLimitMs: number;
  readonly recycling: RecyclingLimits;
  /** A worker is free, or there are more or fewer of them. */
  readonly onChange: () => void;
  readonly onWorkerEvent: (workerIndex: number, event: WorkerEvent, reason?: string) => void;
}

/** Keeps `size` workers running, starts those that die again, and gives batches to free ones. Knows no calls and no queue. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #slots: WorkerSlot[];
  readonly #replacements: Replacements;
  readonly #budget = new RestartBudget();
  readonly #bell = new Bell();
  /** Slots whose worker died, until they are started again. */
  readonly #restarts = new Map<WorkerSlot, { readonly dueAt: number; readonly cancel: CancelTimer }>();
  #started: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #facts: Readonly<Record<string, unknown>> = {};
  #restartCount = 0;
  #failure: string | undefined;
  #hangs: string | undefined;
  #startError: Error | undefined;
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#slots = Array.from({ length: options.size }, (_, index) => this.#makeSlot(index));
    this.#replacements = new Replacements({
      clock: options.clock,
      limits: options.recycling,
      makeSlot: (index) => this.#makeSlot(index),
      onStarted: (slot) => options.onWorkerEvent(slot.index, "started"),
      onReplaced: (old, slot, reason) => this.#replaced(old, slot, reason),
    });
  }

  /** Starts the workers; resolves when every one of them has loaded its model, rejects with the first one's error. */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#started = { resolve, reject };
      for (const slot of this.#slots) this.#startSlot(slot);
    });
  }

  /** Workers that can run batches, busy or free. */
  get alive(): number {
    return this.#count("idle") + this.#count("running");
  }

  /** Workers without any run. */
  get idle(): number {
    return this.#count("idle");
  }

  get size(): number {
    return this.#slots.length;
  }

  get restarts(): number {
    return this.#restartCount;
  }

  /** What the Runnable's `setup` said about itself. */
  get facts(): Readonly<Record<string, unknown>> {
    return this.#facts;
  }

  /** Why no worker can be kept running, or undefined while there is hope. */
  get failure(): string | undefined {
    return this.#failure ?? this.#hangs;
  }

  /** Why the workers could not be started in the first place. */
  get startError(): Error | undefined {
    return this.#startError;
  }

  /** Batches of that lane that can be started now. */
  room(lane: Lane): number {
    let room = 0;
    for (const slot of this.#slots) room += slot.room(lane);
    return room;
  }

  /** True when every worker runs streams that are read, and nothing else, in that lane: none gets free unless its reader goes on. */
  allStreaming(lane: Lane): boolean {
    return this.#slots.every((slot) => slot.streaming(lane));
  }

  /** Runs the job in the worker that has room for it and least to do, and returns that worker's index. */
  run(job: Job): number {
    let chosen: WorkerSlot | undefined;
    for (const slot of this.#slots) {
      if (slot.room(job.lane) > 0 && (chosen === undefined || slot.jobs < chosen.jobs)) chosen = slot;
    }
    invariant(chosen !== undefined, "a batch was started with no worker free");
    chosen.run(job);
    return chosen.index;
  }

  abort(job: Job): void {
    for (const slot of this.#all()) slot.abort(job);
  }

  /** The reader of a stream has made room for so many more items, of so many bytes. */
  taken(job: Job, items: number, bytes: number): void {
    for (const slot of this.#all()) slot.taken(job, items, bytes);
  }

  /** Whether somebody waits for the stream's next item. */
  awaited(job: Job, yes: boolean): void {
    for (const slot of this.#all()) slot.awaited(job, yes);
  }

  /**
   * For a thread that blocks: does now what otherwise the event loop does, until `isDone` or `end` (ms of the clock). `step` is
   * done in every round, and says when to look again at the latest.
   */
  pumpUntil(isDone: () => boolean, end: number, step: () => number): void {
    const { clock } = this.#options;
    for (;;) {
      // Read before the messages: one that comes later rings once more, and the wait ends at once.
      const heard = this.#bell.rings;
      for (const slot of this.#all()) slot.pump();
      this.#restartDue();
      const lookAgainAt = step();
      const now = clock.now();
      if (isDone() || now >= end) return;
      this.#bell.wait(heard, Math.max(Math.min(end, lookAgainAt, this.#nextDue()) - now, 0));
    }
  }

  dropBlock(id: number): void {
    for (const slot of this.#all()) slot.dropBlock(id);
  }

  /** Ends all workers after what they run; those that do not end within `graceMs` are cut off if that is safe. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    for (const { cancel } of this.#restarts.values()) cancel();
    this.#restarts.clear();
    const slots = this.#all();
    const closing = Promise.all(slots.map((slot) => slot.close()));
    let cancel: CancelTimer = () => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = this.#options.clock.at(this.#options.clock.now() + graceMs, resolve);
    });
    await Promise.race([closing, late]);
    cancel();
    for (const slot of slots) if (slot.state !== "closed") slot.end();
  }

  #makeSlot(index: number): WorkerSlot {
    const { makeLink, clock, runLimitMs } = this.#options;
    const events = {
      ready: (slot: WorkerSlot, facts: Readonly<Record<string, unknown>>): void => this.#ready(slot, facts),
      setupFailed: (slot: WorkerSlot, error: ErrorData): void => this.#setupFailed(slot, error),
      freed: (slot: WorkerSlot): void => this.#freed(slot),
      recovered: (slot: WorkerSlot): void => this.#recovered(slot),
      hung: (slot: WorkerSlot, reason: string): void => this.#hung(slot, reason),
      died: (slot: WorkerSlot, reason: string, loading: boolean): void => this.#died(slot, reason, loading),
    };
    return new WorkerSlot({ index, makeLink, events, bell: this.#bell, clock, runLimitMs });
  }

  /** The workers of the pool, those that will be, and those that have still something to finish. */
  #all(): readonly WorkerSlot[] {
    return this.#replacements.isEmpty ? this.#slots : [...this.#slots, ...this.#replacements.slots];
  }

  #startSlot(slot: WorkerSlot): void {
    if (this.#closed) return;
    this.#options.onWorkerEvent(slot.index, "started");
    slot.start();
  }

  #ready(slot: WorkerSlot, facts: Readonly<Record<string, unknown>>): void {
    this.#facts = facts;
    this.#failure = undefined;
    this.#options.onWorkerEvent(slot.index, "ready");
    this.#hangs = undefined;
    this.#replacements.ready(slot);
    if (this.alive === this.size) this.#settleStart();
    this.#options.onChange();
  }

  /** The new one takes the place of the old one, which may finish what it runs. */
  #replaced(old: WorkerSlot, slot: WorkerSlot, reason: string): void {
    this.#restarts.get(old)?.cancel();
    this.#restarts.delete(old);
    this.#slots[old.index] = slot;
    this.#options.onWorkerEvent(slot.index, "recycled", reason);
  }

  #freed(slot: WorkerSlot): void {
    this.#budget.answered();
    if (!this.#closed && this.#slots[slot.index] === slot) this.#replacements.consider(slot);
  }

  #recovered(slot: WorkerSlot): void {
    if (this.#closed) return;
    this.#hangs = undefined;
    this.#options.onWorkerEvent(slot.index, "ready");
    this.#options.onChange();
  }

  #hung(slot: WorkerSlot, reason: string): void {
    this.#options.onWorkerEvent(slot.index, "hung", reason);
    if (this.#slots.every(({ state }) => state === "hung")) this.#hangs = reason;
    this.#options.onChange();
  }

  #setupFailed(slot: WorkerSlot, error: ErrorData): void {
    if (this.#started !== undefined) {
      this.#settleStart(fromErrorData(error));
      return;
    }
    this.#died(slot, error.message, true);
  }

  #died(slot: WorkerSlot, reason: string, loading: boolean): void {
    if (this.#closed) return;
    this.#options.onWorkerEvent(slot.index, "crashed", reason);
    if (this.#replacements.died(slot)) return;
    if (loading && this.#started !== undefined) {
      this.#settleStart(new WorkerCrashedError(`A worker died while it loaded its model: ${reason}.`));
      return;
    }
    const delay = this.#budget.died();
    if (this.#budget.spent) {
      this.#failure = reason;
      this.#options.onWorkerEvent(slot.index, "failed", reason);
    }
    this.#restartCount++;
    const dueAt = this.#options.clock.now() + delay;
    this.#restarts.set(slot, { dueAt, cancel: this.#options.clock.at(dueAt, () => this.#restart(slot), this.#budget.spent) });
    this.#options.onChange();
  }

  #restart(slot: WorkerSlot): void {
    this.#restarts.get(slot)?.cancel();
    this.#restarts.delete(slot);
    this.#startSlot(slot);
  }

  #restartDue(): void {
    const now = this.#options.clock.now();
    for (const [slot, { dueAt }] of this.#restarts) if (dueAt <= now) this.#restart(slot);
  }

  /** When a worker is to be started again, or has run for too long. */
  #nextDue(): number {
    let next = Infinity;
    for (const slot of this.#all()) next = Math.min(next, slot.overdueAt);
    for (const { dueAt } of this.#restarts.values()) next = Math.min(next, dueAt);
    return next;
  }

  #settleStart(error?: Error): void {
    const started = this.#started;
    this.#started = undefined;
    this.#startError = error;
    if (error === undefined) started?.resolve();
    else {
      started?.reject(error);
      this.#options.onChange();
    }
  }

  #count(state: WorkerSlot["state"]): number {
    let count = 0;
    for (const slot of this.#slots) if (slot.state === state) count++;
    return count;
  }
}
