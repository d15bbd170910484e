import { BatcherScheduler } from "./batcher-scheduler.js";
import { CorkScheduler } from "./cork-scheduler.js";
import { EventQueue } from "./event-queue.js";
import { drawShape, type ClosedLoad, type Load, type OpenLoad } from "./load.js";
import { Measurements, type Result } from "./measurements.js";
import { RandomStream } from "./random-stream.js";
import { DEFAULT_MAX_BATCH_SIZE, overHttp, type Contender, type Costs, type Scenario } from "./scenario.js";
import type { ServiceModel } from "./service-model.js";
import type { RequestOutcome, Scheduler, SchedulerEvents, SimulatedRequest } from "./simulated-request.js";
import { SimulatedThread } from "./simulated-thread.js";
import { SimulatedWorkers } from "./simulated-workers.js";

const DEFAULT_REQUESTS = 6_000;
const WARM_UP_SHARE = 0.25;
const DEFAULT_MAX_QUEUE_SIZE = 100_000;

/** Runs a scenario on virtual time. The same seed gives the same run, and the same arrivals to every contender. */
export function simulate(scenario: Scenario, contender: Contender, seed: number): Result {
  return new Simulation(scenario, contender, seed).run();
}

class Simulation {
  readonly #scenario: Scenario & Costs;
  readonly #events = new EventQueue();
  readonly #server = new SimulatedThread(this.#events);
  readonly #sender = new SimulatedThread(this.#events);
  readonly #network: RandomStream;
  readonly #measurements = new Measurements();
  readonly #scheduler: Scheduler;
  readonly #onEnded = new Map<SimulatedRequest, () => void>();
  readonly #total: number;
  #sent = 0;
  #ended = 0;

  constructor(scenario: Scenario, contender: Contender, private readonly seed: number) {
    this.#scenario = { ...overHttp, ...scenario };
    this.#network = new RandomStream(seed * 1000 + 1);
    this.#total = scenario.requests ?? DEFAULT_REQUESTS;
    this.#scheduler = this.#makeScheduler(contender);
    for (const [index, load] of scenario.loads.entries()) this.#startLoad(load, new RandomStream(seed * 1000 + 10 + index));
    if (scenario.pauses !== undefined) this.#pauseRegularly(scenario.pauses.every, scenario.pauses.length);
  }

  run(): Result {
    const warm = this.#total * WARM_UP_SHARE;
    let measuring = false;
    while (this.#ended < this.#total && this.#events.step()) {
      if (measuring || this.#ended < warm) continue;
      measuring = true;
      this.#measurements.begin(this.#events.now);
    }
    return this.#measurements.result(this.#events.now);
  }

  #makeScheduler(contender: Contender): Scheduler {
    const { models, workers: size = 1, maxBatchSize = DEFAULT_MAX_BATCH_SIZE, maxQueueSize = DEFAULT_MAX_QUEUE_SIZE } = this.#scenario;
    const thread = this.#server;
    const workers = new SimulatedWorkers(size, this.#events, thread, new RandomStream(this.seed * 1000 + 2));
    const events: SchedulerEvents = {
      ended: (request, outcome) => this.#requestEnded(request, outcome),
      batch: (items, waited) => this.#measurements.batch(items, waited),
    };
    if ("policy" in contender) return new BatcherScheduler({ thread, workers, models, maxBatchSize, maxQueueSize, policy: contender.policy, events });
    return new CorkScheduler({ thread, workers, model: models[0] as ServiceModel, maxBatchSize, maxLatencyMs: contender.cork.maxLatencyMs, events });
  }

  #startLoad(load: Load, random: RandomStream): void {
    if ("callers" in load) for (let caller = 0; caller < load.callers; caller++) this.#ask(load, caller, 0, random);
    else this.#arriveOpenly(load, random);
  }

  /** A caller of a closed load sends a request, and the next when it has its answer. */
  #ask(load: ClosedLoad, caller: number, answers: number, random: RandomStream): void {
    if (load.staying !== undefined && caller >= load.staying.callers && answers >= load.staying.after) return;
    this.#sender.run(this.#scenario.senderCost, () => {
      this.#events.at(this.#events.now + this.#transit(), () => {
        this.#arrive(load, random, () => {
          const hiccup = this.#network.chance(this.#scenario.hiccups) ? 1 + 4 * this.#network.next() : 0;
          const think = load.think === undefined ? 0 : random.exponential(load.think);
          this.#events.at(this.#events.now + this.#transit() + hiccup + think, () => this.#ask(load, caller, answers + 1, random));
        });
      });
    });
  }

  #arriveOpenly(load: OpenLoad, random: RandomStream): void {
    const { burst = 1 } = load;
    const gap = burst / load.rate(this.#sent / this.#total);
    const wait = load.spacing === "periodic" ? gap : random.exponential(gap);
    this.#events.at(this.#events.now + wait, () => {
      for (let each = 0; each < burst; each++) this.#arrive(load, random, () => undefined);
      this.#arriveOpenly(load, random);
    });
  }

  #arrive(load: Load, random: RandomStream, onEnded: () => void): void {
    const { leavesAfter, ...shape } = drawShape(load, random);
    const request: SimulatedRequest = { ...shape, arrivedAt: this.#events.now };
    this.#sent++;
    this.#onEnded.set(request, onEnded);
    this.#server.run(this.#scenario.requestCost, () => this.#scheduler.accept(request));
    if (leavesAfter < Infinity) this.#events.at(request.arrivedAt + leavesAfter, () => this.#server.run(0, () => this.#scheduler.abort(request)));
  }

  #requestEnded(request: SimulatedRequest, outcome: RequestOutcome): void {
    const next = this.#onEnded.get(request);
    if (next === undefined) throw new Error("A request ended twice.");
    this.#onEnded.delete(request);
    this.#ended++;
    this.#measurements.ended(request, outcome, this.#events.now);
    next();
  }

  #transit(): number {
    const { fixed, jitter } = this.#scenario.network;
    return jitter === 0 ? fixed : fixed + this.#network.exponential(jitter);
  }

  #pauseRegularly(every: number, length: number): void {
    this.#events.at(this.#events.now + every, () => {
      this.#server.run(length, () => undefined);
      this.#pauseRegularly(every, length);
    });
  }
}
