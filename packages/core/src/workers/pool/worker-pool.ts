import { WorkerCrashedError, invariant } from "../../errors/index.js";
import type { CancelTimer, Clock } from "../../clock/index.js";
import { Bell, fromErrorData, type ErrorData } from "../wire/index.js";
import { RestartBudget } from "./restart-budget.js";
import type { MakeLink } from "./worker-link.js";
import { WorkerSlot, type Job } from "./worker-slot.js";

/** What the pool tells: a worker changed. `failed` is the end of the pool's hopes, with the reason. */
export type WorkerEvent = "started" | "ready" | "crashed" | "exited" | "failed";

export interface WorkerPoolOptions {
  readonly size: number;
  readonly clock: Clock;
  readonly makeLink: MakeLink;
  /** A worker is free, or there are more or fewer of them. */
  readonly onChange: () => void;
  readonly onWorkerEvent: (workerIndex: number, event: WorkerEvent, reason?: string) => void;
}

/** Keeps `size` workers running, starts those that die again, and gives batches to free ones. Knows no calls and no queue. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #slots: readonly WorkerSlot[];
  readonly #budget = new RestartBudget();
  readonly #bell = new Bell();
  /** Slots whose worker died, until they are started again. */
  readonly #restarts = new Map<WorkerSlot, { readonly dueAt: number; readonly cancel: CancelTimer }>();
  #started: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #facts: Readonly<Record<string, unknown>> = {};
  #restartCount = 0;
  #failure: string | undefined;
  #startError: Error | undefined;
  #closed = false;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    const events = {
      ready: (slot: WorkerSlot, facts: Readonly<Record<string, unknown>>): void => this.#ready(slot, facts),
      setupFailed: (slot: WorkerSlot, error: ErrorData): void => this.#setupFailed(slot, error),
      freed: (): void => this.#budget.answered(),
      died: (slot: WorkerSlot, reason: string, loading: boolean): void => this.#died(slot, reason, loading),
    };
    this.#slots = Array.from({ length: options.size }, (_, index) => new WorkerSlot(index, options.makeLink, events, this.#bell));
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
    return this.#failure;
  }

  /** Why the workers could not be started in the first place. */
  get startError(): Error | undefined {
    return this.#startError;
  }

  /** True when every worker runs a stream that is read: none gets free unless its reader goes on. */
  get allStreaming(): boolean {
    return this.#slots.every((slot) => slot.streaming);
  }

  /** Runs the job in a free worker and returns that worker's index. */
  run(job: Job): number {
    const slot = this.#slots.find(({ state }) => state === "idle");
    invariant(slot !== undefined, "a batch was started with no worker free");
    slot.run(job);
    return slot.index;
  }

  abort(job: Job): void {
    for (const slot of this.#slots) slot.abort(job);
  }

  /** The reader of a stream has made room for so many more items, of so many bytes. */
  taken(job: Job, items: number, bytes: number): void {
    for (const slot of this.#slots) slot.taken(job, items, bytes);
  }

  /** Whether somebody waits for the stream's next item. */
  awaited(job: Job, yes: boolean): void {
    for (const slot of this.#slots) slot.awaited(job, yes);
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
      for (const slot of this.#slots) slot.pump();
      this.#restartDue();
      const lookAgainAt = step();
      const now = clock.now();
      if (isDone() || now >= end) return;
      this.#bell.wait(heard, Math.max(Math.min(end, lookAgainAt, this.#nextRestart()) - now, 0));
    }
  }

  dropBlock(id: number): void {
    for (const slot of this.#slots) slot.dropBlock(id);
  }

  /** Ends all workers after what they run; those that do not end within `graceMs` are cut off if that is safe. */
  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    for (const { cancel } of this.#restarts.values()) cancel();
    this.#restarts.clear();
    const closing = Promise.all(this.#slots.map((slot) => slot.close()));
    let cancel: CancelTimer = () => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = this.#options.clock.at(this.#options.clock.now() + graceMs, resolve);
    });
    await Promise.race([closing, late]);
    cancel();
    for (const slot of this.#slots) if (slot.state !== "closed") slot.end();
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
    if (this.alive === this.size) this.#settleStart();
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

  #nextRestart(): number {
    let next = Infinity;
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
