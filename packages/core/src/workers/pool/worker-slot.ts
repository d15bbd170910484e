import { invariant } from "../../errors/index.js";
import type { CancelTimer, Clock } from "../../clock/index.js";
import { takeOut } from "../../calls/index.js";
import type { Bell, FromWorker } from "../wire/index.js";
import type { Job, Lane } from "./job.js";
import type { SlotEvents, SlotState } from "./slot-events.js";
import { WorkerKnowledge } from "./worker-knowledge.js";
import type { MakeLink, WorkerLink } from "./worker-link.js";

export interface WorkerSlotOptions {
  readonly index: number;
  readonly makeLink: MakeLink;
  readonly events: SlotEvents;
  readonly bell: Bell;
  readonly clock: Clock;
  /** How long a run may take, ms; `Infinity` for as long as it likes. */
  readonly runLimitMs: number;
}

/** A job in the worker, until it ends or is given up. */
interface RunningJob {
  /** Its number, by which the worker tells of it. */
  readonly batch: number;
  readonly job: Job;
  overdueAt: number;
  cancelTimer: CancelTimer | undefined;
  /** It was given up, but the worker, a thread, still runs it. */
  hung: boolean;
}

/** A place for one worker. It is free again on the worker's word alone, not when a caller gives up. */
export class WorkerSlot {
  readonly #options: WorkerSlotOptions;
  #state: Exclude<SlotState, "idle" | "running"> | "up" = "failed";
  #link: WorkerLink | undefined;
  #jobs: RunningJob[] = [];
  #batch = 0;
  #held = false;
  #setupError: Extract<FromWorker, { type: "setup-failed" }>["error"] | undefined;
  /** Why this side has ended the worker. */
  #endReason: string | undefined;
  #knowledge = new WorkerKnowledge();
  #onClosed: (() => void) | undefined;
  #retiring = false;
  /** Calls that its worker has been given. */
  requests = 0;
  /** Memory that its worker uses, a process, by its last report. */
  rssMb = 0;

  constructor(options: WorkerSlotOptions) {
    this.#options = options;
  }

  get index(): number {
    return this.#options.index;
  }

  get state(): SlotState {
    if (this.#state !== "up") return this.#state;
    return this.#jobs.length === 0 ? "idle" : "running";
  }

  /** Batches of that lane that can be started here now. */
  room(lane: Lane): number {
    if (this.#state !== "up") return 0;
    let room = lane.width;
    for (const { job } of this.#jobs) {
      if (job.solitary) return 0;
      if (job.lane.name === lane.name) room--;
    }
    return room;
  }

  /** Whether the lane is full of streams that go on only if their readers read. */
  streaming(lane: Lane): boolean {
    if (this.#state !== "up" || this.room(lane) > 0) return false;
    return this.#jobs.every(({ job }) => job.lane.name !== lane.name || job.stream?.wanted === true);
  }

  get jobs(): number {
    return this.#jobs.length;
  }

  /** When the first run will have taken too long, ms of the clock. */
  get overdueAt(): number {
    let first = Infinity;
    for (const { overdueAt } of this.#jobs) first = Math.min(first, overdueAt);
    return first;
  }

  /** Starts a worker here; only when there is none. */
  start(): void {
    if (this.#state !== "failed") return;
    this.#state = "starting";
    this.#knowledge = new WorkerKnowledge();
    this.#setupError = undefined;
    this.#endReason = undefined;
    this.requests = 0;
    this.rssMb = 0;
    this.#held = true;
    const events = { message: (message: FromWorker) => this.#receive(message), ended: (reason: string) => this.#ended(reason) };
    this.#link = this.#options.makeLink(this.index, events, this.#options.bell);
  }

  run(job: Job): void {
    invariant(this.room(job.lane) > 0 && this.#link !== undefined, `worker ${String(this.index)} got a batch while it is ${this.state}`);
    const batch = ++this.#batch;
    const running: RunningJob = { batch, job, overdueAt: Infinity, cancelTimer: undefined, hung: false };
    this.#jobs.push(running);
    this.requests += job.requests;
    // How long a stream takes is its reader's business.
    if (job.stream === undefined) this.#limit(running);
    this.#hold(true);
    this.#link.post(this.#knowledge.messageOf(batch, job));
  }

  /** Tells the worker that nobody waits for what it runs. */
  abort(job: Job): void {
    const running = this.#runOf(job);
    if (running === undefined) return;
    this.#link?.post({ type: "abort", batch: running.batch });
    if (job.stream !== undefined) this.#limit(running);
  }

  /** The reader of the stream has read so many items, of so many bytes: the worker may make as many more. */
  taken(job: Job, items: number, bytes: number): void {
    const running = this.#runOf(job);
    if (running !== undefined) this.#link?.post({ type: "taken", batch: running.batch, items, bytes });
  }

  /** A stream keeps the process alive only while somebody waits for it: its reader may have forgotten it. */
  awaited(job: Job, yes: boolean): void {
    if (this.#runOf(job) !== undefined) this.#hold(yes || this.#jobs.length > 1);
  }

  /** Receives what has come without a turn of the event loop. */
  pump(): void {
    this.#link?.pump();
    this.#stopOverdue();
  }

  /** A block is no more: the worker must let go of its memory with the next batch. */
  dropBlock(id: number): void {
    this.#knowledge.dropBlock(id);
  }

  /** Ends the worker when it has answered what it runs. Nothing else is to be run here. */
  retire(): Promise<void> {
    this.#retiring = true;
    return new Promise((resolve) => {
      this.#onClosed = resolve;
      this.#closeIfRetired();
      if (this.#state === "closed") resolve();
    });
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
      this.#close();
    });
  }

  /** Ends the worker at once if it is in no native run; otherwise it ends by itself after it, and keeps nothing alive. */
  end(): void {
    if (this.#link?.tryEnd() === false) this.#hold(false);
  }

  #receive(message: FromWorker): void {
    switch (message.type) {
      case "ready":
        if (this.#state !== "starting") return;
        this.#state = "up";
        this.#hold(false);
        this.#options.events.ready(this, message.facts);
        return;
      case "setup-failed":
        this.#setupError = message.error;
        return;
      case "memory":
        this.rssMb = message.rssMb;
        return;
      case "done":
        this.#finish(message.batch)?.done(message.result);
        return;
      case "item":
        this.#numbered(message.batch)?.job.stream?.item(message.item);
        return;
      case "ended":
        this.#finish(message.batch)?.stream?.ended();
        return;
      case "failed":
        this.#finish(message.batch)?.failed(message.error);
        return;
    }
  }

  /** The job whose run is over, unless it was given up before. */
  #finish(batch: number): Job | undefined {
    const running = this.#numbered(batch);
    if (running === undefined) return undefined;
    takeOut(this.#jobs, running);
    running.cancelTimer?.();
    const recovered = this.#state === "hung" && !this.#jobs.some(({ hung }) => hung);
    if (recovered) this.#state = "up";
    if (this.#jobs.length === 0 && this.#state === "up") this.#hold(false);
    if (recovered) this.#options.events.recovered(this);
    else this.#options.events.freed(this);
    this.#closeIfRetired();
    return running.hung ? undefined : running.job;
  }

  #limit(running: RunningJob): void {
    const { clock, runLimitMs } = this.#options;
    if (runLimitMs === Infinity || running.cancelTimer !== undefined) return;
    running.overdueAt = clock.now() + runLimitMs;
    running.cancelTimer = clock.at(running.overdueAt, () => this.#stopOverdue(), true);
  }

  #stopOverdue(): void {
    const now = this.#options.clock.now();
    for (const running of [...this.#jobs]) if (running.overdueAt <= now) this.#stop(running);
  }

  /** A run has taken too long: its worker is ended if it can be, otherwise the job is given up. */
  #stop(running: RunningJob): void {
    running.overdueAt = Infinity;
    const took = `it ran for longer than workerTimeoutMs ${String(this.#options.runLimitMs)}`;
    this.#endReason = `${took} and was killed`;
    if (this.#link?.tryEnd() !== false) return;
    this.#endReason = undefined;
    running.hung = true;
    if (this.#state === "up") this.#state = "hung";
    this.#hold(false);
    const reason = `${took}; a thread cannot be killed, and is lost until its run ends: isolation "process" can`;
    this.#options.events.hung(this, reason);
    running.job.hung(reason);
  }

  #runOf(job: Job): RunningJob | undefined {
    return this.#jobs.find((running) => running.job === job);
  }

  #numbered(batch: number): RunningJob | undefined {
    return this.#jobs.find((running) => running.batch === batch);
  }

  #hold(yes: boolean): void {
    if (this.#held === yes) return;
    this.#held = yes;
    if (yes) this.#link?.hold();
    else this.#link?.release();
  }

  #closeIfRetired(): void {
    if (!this.#retiring || this.#jobs.length > 0) return;
    if (this.#state === "failed") this.#state = "closed";
    else if (this.#state === "up" || this.#state === "starting") this.#close();
  }

  #close(): void {
    this.#state = "closing";
    this.#hold(true);
    this.#link?.post({ type: "close" });
  }

  #ended(told: string): void {
    const reason = this.#endReason ?? told;
    const jobs = this.#jobs;
    const closing = this.#state === "closing" || this.#retiring;
    const loading = this.#state === "starting";
    this.#link = undefined;
    this.#jobs = [];
    this.#state = closing ? "closed" : "failed";
    for (const { cancelTimer } of jobs) cancelTimer?.();
    if (!closing && this.#setupError !== undefined) this.#options.events.setupFailed(this, this.#setupError);
    else if (!closing) this.#options.events.died(this, reason, loading);
    for (const { job, hung } of jobs) if (!hung) job.crashed(reason);
    this.#onClosed?.();
  }
}
