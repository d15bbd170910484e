import { Batcher, type Batch, type BatchingPolicy } from "../batching/index.js";
import { Call } from "../calls/index.js";
import type { ServiceModel } from "./service-model.js";
import type { Scheduler, SchedulerEvents, SimulatedRequest } from "./simulated-request.js";
import type { SimulatedThread } from "./simulated-thread.js";
import type { SimulatedWorkers } from "./simulated-workers.js";

export interface BatcherSchedulerOptions {
  readonly thread: SimulatedThread;
  readonly workers: SimulatedWorkers;
  /** By the kind of a request. */
  readonly models: readonly ServiceModel[];
  readonly maxBatchSize: number;
  readonly maxQueueSize: number;
  readonly policy: BatchingPolicy;
  readonly events: SchedulerEvents;
}

/** The product's own batcher, the very code that runners use, with simulated workers behind it. */
export class BatcherScheduler implements Scheduler {
  readonly #options: BatcherSchedulerOptions;
  readonly #batcher: Batcher<SimulatedRequest, undefined>;
  readonly #calls = new Map<SimulatedRequest, Call<SimulatedRequest, undefined>>();
  readonly #policy: BatchingPolicy;
  #waitingSince = -1;

  constructor(options: BatcherSchedulerOptions) {
    this.#options = options;
    const { thread, workers, maxQueueSize } = options;
    this.#policy = (situation) => {
      const decision = options.policy(situation);
      if (decision.since !== undefined) this.#waitingSince = decision.since;
      return decision;
    };
    this.#batcher = new Batcher({
      name: "simulated",
      clock: thread,
      maxQueueSize,
      target: {
        workers: workers.size,
        get idleWorkers() {
          return workers.idle;
        },
        start: (batch) => this.#start(batch),
      },
    });
  }

  accept(request: SimulatedRequest): void {
    const now = this.#options.thread.now();
    const call = new Call<SimulatedRequest, undefined>({
      input: request,
      items: request.items,
      acceptedAt: now,
      startBy: request.arrivedAt + request.limit,
      requestId: undefined,
      weight: request.priority,
      onSettled: (outcome) => this.#settled(request, outcome),
    });
    this.#calls.set(request, call);
    this.#batcher.accept(call, this.#keyOf(request));
  }

  abort(request: SimulatedRequest): void {
    const call = this.#calls.get(request);
    if (call === undefined) return;
    const wasQueued = call.state === "queued";
    call.settle({ kind: "aborted", reason: undefined });
    if (wasQueued) this.#batcher.withdraw(call, this.#keyOf(request));
  }

  #keyOf({ kind }: SimulatedRequest): ReturnType<Batcher<SimulatedRequest, undefined>["key"]> {
    return this.#batcher.key(kind, { name: `method ${String(kind)}`, maxBatchSize: this.#options.maxBatchSize, policy: this.#policy });
  }

  #start(batch: Batch<SimulatedRequest, undefined>): void {
    const { events, models, workers, thread } = this.#options;
    const { kind } = (batch.calls[0] as Call<SimulatedRequest, undefined>).input;
    events.batch(batch.items, this.#waitingSince < 0 ? 0 : thread.now() - this.#waitingSince);
    this.#waitingSince = -1;
    workers.run(models[kind] as ServiceModel, batch.items, batch.calls.length, () => {
      let answered = 0;
      for (const call of batch.calls) {
        if (!call.settled) answered++;
        call.settle({ kind: "answered", result: undefined });
      }
      this.#batcher.finished(batch, answered, true);
    });
  }

  #settled(request: SimulatedRequest, outcome: { readonly kind: string; readonly reason?: unknown }): void {
    this.#calls.delete(request);
    const { events } = this.#options;
    if (outcome.kind === "answered") events.ended(request, "answered");
    else if (outcome.kind === "aborted") events.ended(request, "aborted");
    else events.ended(request, outcome.reason === "late" ? "refused late" : "refused on arrival");
  }
}
