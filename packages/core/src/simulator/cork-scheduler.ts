import { CorkOptimizer } from "./cork-optimizer.js";
import type { ServiceModel } from "./service-model.js";
import type { Scheduler, SchedulerEvents, SimulatedRequest } from "./simulated-request.js";
import type { SimulatedThread } from "./simulated-thread.js";
import type { SimulatedWorkers } from "./simulated-workers.js";

/** It looks again every ms while it waits. */
const POLL = 1;
/** Batches of its four rounds of training: required, to train, requests wanted in a batch. */
const TRAINING = [
  [2, 8, 1],
  [6, 1, 1],
  [5, 1, 2],
  [3, 1, 3],
] as const;

export interface CorkSchedulerOptions {
  readonly thread: SimulatedThread;
  readonly workers: SimulatedWorkers;
  readonly model: ServiceModel;
  readonly maxBatchSize: number;
  /** Ms. */
  readonly maxLatencyMs: number;
  readonly events: SchedulerEvents;
}

interface Job {
  readonly request: SimulatedRequest;
  readonly items: number;
  readonly enqueuedAt: number;
}

/** What its controller waits for: work in the queue, or the next look. */
type Pause = "work" | "poll";

/**
 * The adaptive batching of the Python original (its class CorkDispatcher), told from how BentoML 1.4.39 behaves, as a baseline:
 * one batch in flight, training on the first batches, then a wait that is bounded by the mean wait so far, and shedding of heads
 * that would come too late. Its defects with oversize requests are left out.
 */
export class CorkScheduler implements Scheduler {
  readonly #options: CorkSchedulerOptions;
  readonly #optimizer: CorkOptimizer;
  readonly #queue: Job[] = [];
  readonly #itemsLeft = new Map<SimulatedRequest, number>();
  readonly #control: Generator<Pause, void, void>;
  #waitsForWork = false;
  #inFlight = false;
  #training = true;

  constructor(options: CorkSchedulerOptions) {
    this.#options = options;
    this.#optimizer = new CorkOptimizer(options.maxLatencyMs);
    this.#control = this.#controller();
    this.#resume();
  }

  accept(request: SimulatedRequest): void {
    this.#queue.push({ request, items: request.items, enqueuedAt: this.#options.thread.now() });
    this.#itemsLeft.set(request, request.items);
    if (!this.#waitsForWork) return;
    this.#waitsForWork = false;
    this.#options.thread.nextTurn(() => this.#resume());
  }

  /** A caller that leaves changes nothing: its job runs all the same. */
  abort(request: SimulatedRequest): void {
    if (this.#itemsLeft.has(request)) this.#options.events.ended(request, "aborted");
    this.#itemsLeft.delete(request);
  }

  #resume(): void {
    const { value, done } = this.#control.next();
    if (done === true) return;
    if (value === "work") this.#waitsForWork = true;
    else this.#options.thread.at(this.#options.thread.now() + POLL, () => this.#resume());
  }

  *#controller(): Generator<Pause, void, void> {
    for (const [round, [required, toTrain, size]] of TRAINING.entries()) {
      yield* this.#train(required, toTrain, Math.min(size, this.#options.maxBatchSize));
      if (round > 0) this.#optimizer.refresh();
    }
    this.#training = false;
    for (;;) yield* this.#serve();
  }

  *#train(required: number, toTrain: number, size: number): Generator<Pause, void, void> {
    const { maxLatencyMs: limit } = this.#options;
    const { perRequest, fixed } = this.#optimizer;
    const longestWait = Math.min(0.95 * limit, (2 * size + 1) * perRequest + fixed);
    for (let sent = 0; sent < toTrain; ) {
      if (this.#queue.length === 0) {
        yield "work";
        continue;
      }
      const waiting = this.#queue.length;
      const age = this.#ageOf(this.#queue[0] as Job);
      if (waiting > required - sent && age >= limit) this.#cancelHead();
      else if (size > 1 && waiting < size && size * perRequest + fixed + age <= longestWait) yield "poll";
      else if (this.#inFlight) yield "poll";
      else {
        this.#dispatch();
        sent++;
      }
    }
  }

  *#serve(): Generator<Pause, void, void> {
    if (this.#queue.length === 0) {
      yield "work";
      return;
    }
    const { maxLatencyMs: limit, maxBatchSize } = this.#options;
    const { perRequest, fixed, wait } = this.#optimizer;
    const waiting = this.#queue.length;
    const oldest = this.#ageOf(this.#queue[0] as Job);
    const newest = this.#ageOf(this.#queue.at(-1) as Job);
    if (waiting > 1 && oldest + perRequest * waiting + fixed >= limit) this.#cancelHead();
    else if (this.#inFlight) {
      if (waiting === 1 && oldest >= limit) this.#cancelHead();
      else yield "poll";
    } else if (waiting < maxBatchSize && waiting * (newest + POLL + perRequest) <= 0.95 * wait) yield "poll";
    else this.#dispatch();
  }

  #dispatch(): void {
    const { thread, workers, model, events } = this.#options;
    const jobs = this.#take();
    const startedAt = thread.now();
    const wait = this.#training ? 0 : this.#ageOf(jobs[0] as Job);
    const items = jobs.reduce((sum, job) => sum + job.items, 0);
    this.#inFlight = true;
    events.batch(items, 0);
    workers.run(model, items, jobs.length, () => {
      this.#inFlight = false;
      this.#optimizer.add(thread.now(), jobs.length, thread.now() - startedAt, wait);
      for (const job of jobs) this.#answer(job);
    });
  }

  /** From the head while items are fewer than a batch takes; a job that is too big for the rest is split. */
  #take(): Job[] {
    const { maxBatchSize } = this.#options;
    const taken: Job[] = [];
    let room = maxBatchSize;
    while (room > 0 && this.#queue.length > 0) {
      const job = this.#queue.shift() as Job;
      if (job.items > room) {
        taken.push({ ...job, items: room });
        this.#queue.unshift({ ...job, items: job.items - room });
        room = 0;
      } else {
        taken.push(job);
        room -= job.items;
      }
    }
    return taken;
  }

  #answer({ request, items }: Job): void {
    const left = this.#itemsLeft.get(request);
    if (left === undefined) return;
    this.#itemsLeft.set(request, left - items);
    if (left > items) return;
    this.#itemsLeft.delete(request);
    this.#options.events.ended(request, "answered");
  }

  #cancelHead(): void {
    const { request } = this.#queue.shift() as Job;
    if (this.#itemsLeft.delete(request)) this.#options.events.ended(request, "refused late");
  }

  #ageOf(job: Job): number {
    return this.#options.thread.now() - job.enqueuedAt;
  }
}
