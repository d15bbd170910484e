import { invariant } from "../../errors/index.js";
import type { Bell, ErrorData, FromWorker, RunBatch, SharedBlock, CallLayout } from "../wire/index.js";
import { defaultRegistry, type Payload } from "../../containers/index.js";
import type { MakeLink, WorkerLink } from "./worker-link.js";

/**
 * A place for one worker. `starting → idle → running → idle`, and `failed` (it died, to be started again) or `closed`
 * (no way back). It is free again on the worker's word alone, not when a caller gives up.
 */
export type SlotState = "starting" | "idle" | "running" | "failed" | "closing" | "closed";

/** A batch as the pool runs it: the message without what depends on the worker, and whom to tell. */
export interface Job {
  readonly message: Omit<RunBatch, "type" | "batch" | "newLayout" | "newBlocks" | "droppedBlocks" | "newContainers">;
  readonly describeLayout: () => CallLayout;
  readonly blocks: readonly SharedBlock[];
  /** Set for a stream, which has items and an end instead of a result. */
  readonly stream: StreamEvents | undefined;
  done(result: Payload): void;
  failed(error: ErrorData): void;
  crashed(reason: string): void;
}

/** What becomes of a stream that a worker runs, besides `failed` and `crashed`. */
export interface StreamEvents {
  /** Whether its reader still reads. */
  readonly wanted: boolean;
  item(item: Payload): void;
  /** No more items: the slot is free again. */
  ended(): void;
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
  /** Containers with a module that the worker has been told of: the first so many of the registry's. */
  #knownContainers = 0;
  #onClosed: (() => void) | undefined;

  constructor(
    readonly index: number,
    private readonly makeLink: MakeLink,
    private readonly events: SlotEvents,
    private readonly bell: Bell,
  ) {}

  get state(): SlotState {
    return this.#state;
  }

  /** Whether a stream runs here that goes on only if its reader reads. */
  get streaming(): boolean {
    return this.#job?.stream?.wanted === true;
  }

  /** Starts a worker here; only when there is none. */
  start(): void {
    if (this.#state !== "failed") return;
    this.#state = "starting";
    this.#knownLayouts = new Set();
    this.#knownBlocks = new Set();
    this.#droppedBlocks = [];
    this.#knownContainers = 0;
    this.#setupError = undefined;
    const events = { message: (message: FromWorker) => this.#receive(message), ended: (reason: string) => this.#ended(reason) };
    this.#link = this.makeLink(this.index, events, this.bell);
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
      newContainers: this.#newContainers(),
    });
  }

  /** Tells the worker that nobody waits for what it runs. */
  abort(job: Job): void {
    if (this.#job === job) this.#link?.post({ type: "abort", batch: this.#batch });
  }

  /** The reader of the stream has read so many items, of so many bytes: the worker may make as many more. */
  taken(job: Job, items: number, bytes: number): void {
    if (this.#job === job) this.#link?.post({ type: "taken", batch: this.#batch, items, bytes });
  }

  /** A stream keeps the process alive only while somebody waits for it: its reader may have forgotten it. */
  awaited(job: Job, yes: boolean): void {
    if (this.#job !== job) return;
    if (yes) this.#link?.hold();
    else this.#link?.release();
  }

  /** Receives what has come without a turn of the event loop. */
  pump(): void {
    this.#link?.pump();
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
      case "item":
        this.#job?.stream?.item(message.item);
        return;
      case "ended":
        this.#finish()?.stream?.ended();
        return;
      case "failed":
        this.#finish()?.failed(message.error);
        return;
    }
  }

  #newContainers(): RunBatch["newContainers"] {
    const { modules } = defaultRegistry;
    if (modules.length === this.#knownContainers) return undefined;
    const added = modules.slice(this.#knownContainers);
    this.#knownContainers = modules.length;
    return added;
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
