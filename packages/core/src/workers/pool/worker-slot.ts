import { invariant } from "../../errors/index.js";
import type { ErrorData, FromWorker, RunBatch, SharedBlock, CallLayout } from "../wire/index.js";
import type { Payload } from "../../containers/index.js";
import type { MakeLink, WorkerLink } from "./worker-link.js";

/**
 * A place for one worker. `starting → idle → running → idle`, and `failed` (it died, to be started again) or `closed`
 * (no way back). It is free again on the worker's word alone, not when a caller gives up.
 */
export type SlotState = "starting" | "idle" | "running" | "failed" | "closing" | "closed";

/** A batch as the pool runs it: the message without what depends on the worker, and whom to tell. */
export interface Job {
  readonly message: Omit<RunBatch, "type" | "batch" | "newLayout" | "newBlocks" | "droppedBlocks">;
  readonly describeLayout: () => CallLayout;
  readonly blocks: readonly SharedBlock[];
  done(result: Payload): void;
  failed(error: ErrorData): void;
  crashed(reason: string): void;
}

export interface SlotEvents {
  /** The worker has loaded its model and can run. */
  ready(slot: WorkerSlot, facts: Readonly<Record<string, unknown>>): void;
  /** The model could not be loaded. The worker is gone. */
  setupFailed(slot: WorkerSlot, error: ErrorData): void;
  /** The slot is idle again after a batch. Told before the batch itself hears of its end. */
  freed(slot: WorkerSlot): void;
  /** The worker died: by a throw outside a call, by `process.exit()`, or by something native. `loading`: before it was ready. */
  died(slot: WorkerSlot, reason: string, loading: boolean): void;
}

export class WorkerSlot {
  #state: SlotState = "failed";
  #link: WorkerLink | undefined;
  #job: Job | undefined;
  #batch = 0;
  #setupError: ErrorData | undefined;
  #knownLayouts = new Set<number>();
  #knownBlocks = new Set<number>();
  #droppedBlocks: number[] = [];
  #onClosed: (() => void) | undefined;

  constructor(
    readonly index: number,
    private readonly makeLink: MakeLink,
    private readonly events: SlotEvents,
  ) {}

  get state(): SlotState {
    return this.#state;
  }

  /** Starts a worker here; only when there is none. */
  start(): void {
    if (this.#state !== "failed") return;
    this.#state = "starting";
    this.#knownLayouts = new Set();
    this.#knownBlocks = new Set();
    this.#droppedBlocks = [];
    this.#setupError = undefined;
    const link = this.makeLink(this.index, {
      message: (message) => this.#receive(message),
      ended: (reason) => this.#ended(reason),
    });
    this.#link = link;
  }

  run(job: Job): void {
    invariant(this.#state === "idle" && this.#link !== undefined, `worker ${String(this.index)} got a batch while it is ${this.#state}`);
    this.#state = "running";
    this.#job = job;
    this.#batch++;
    const newLayout = this.#knownLayouts.has(job.message.layout) ? undefined : job.describeLayout();
    this.#knownLayouts.add(job.message.layout);
    const newBlocks = job.blocks.filter(({ id }) => !this.#knownBlocks.has(id));
    for (const { id } of newBlocks) this.#knownBlocks.add(id);
    const droppedBlocks = this.#droppedBlocks;
    this.#droppedBlocks = [];
    this.#link.hold();
    this.#link.post({
      type: "run",
      batch: this.#batch,
      ...job.message,
      newLayout,
      newBlocks: newBlocks.map(({ id, capacity, memory }) => ({ id, capacity, memory })),
      droppedBlocks,
    });
  }

  /** Tells the worker that nobody waits for what it runs. */
  abort(job: Job): void {
    if (this.#job === job) this.#link?.post({ type: "abort", batch: this.#batch });
  }

  /** A block is no more: the worker must let go of its memory with the next batch. */
  dropBlock(id: number): void {
    if (this.#knownBlocks.delete(id)) this.#droppedBlocks.push(id);
  }

  /** Lets the worker release its model and end. Resolves when it has ended. */
  close(): Promise<void> {
    if (this.#state === "closed") return Promise.resolve();
    if (this.#state === "failed") {
      this.#state = "closed";
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const told = this.#onClosed;
      this.#onClosed = () => {
        told?.();
        resolve();
      };
      if (this.#state === "closing") return;
      this.#state = "closing";
      this.#link?.hold();
      this.#link?.post({ type: "close" });
    });
  }

  /** Ends the worker at once if it is in no native run; otherwise it ends by itself after it, and keeps nothing alive. */
  end(): void {
    if (this.#link?.tryEnd() === false) this.#link.release();
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case "ready":
        if (this.#state !== "starting") return;
        this.#state = "idle";
        this.#link?.release();
        this.events.ready(this, message.facts);
        return;
      case "setup-failed":
        this.#setupError = message.error;
        return;
      case "done":
        this.#finish()?.done(message.result);
        return;
      case "failed":
        this.#finish()?.failed(message.error);
        return;
    }
  }

  #finish(): Job | undefined {
    const job = this.#job;
    this.#job = undefined;
    if (this.#state === "running") {
      this.#state = "idle";
      this.#link?.release();
      this.events.freed(this);
    }
    return job;
  }

  #ended(reason: string): void {
    const job = this.#job;
    const closing = this.#state === "closing";
    const loading = this.#state === "starting";
    this.#link = undefined;
    this.#job = undefined;
    this.#state = closing ? "closed" : "failed";
    if (!closing && this.#setupError !== undefined) this.events.setupFailed(this, this.#setupError);
    else if (!closing) this.events.died(this, reason, loading);
    job?.crashed(reason);
    this.#onClosed?.();
  }
}
