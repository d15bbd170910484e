import { invariant } from "../errors/index.js";
import type { EventQueue } from "./event-queue.js";
import type { RandomStream } from "./random-stream.js";
import { serviceTime, type ServiceModel } from "./service-model.js";
import type { SimulatedThread } from "./simulated-thread.js";

/** What a batch costs besides the model, ms: the calling thread's work before and after it, for each answer, and the way of a message. */
const BATCH_COST = 0.003;
const ANSWER_COST = 0.002;
const PORT_TRANSIT = 0.006;

/** Workers that run one batch at a time, each in a thread of its own. */
export class SimulatedWorkers {
  #running = 0;

  constructor(
    readonly size: number,
    private readonly events: EventQueue,
    private readonly caller: SimulatedThread,
    private readonly random: RandomStream,
  ) {}

  get idle(): number {
    return this.size - this.#running;
  }

  /** Runs a batch; `done` is called in the caller's thread when its reply has been read. */
  run(model: ServiceModel, items: number, answers: number, done: () => void): void {
    invariant(this.idle > 0, "a batch was started with no worker free");
    this.#running++;
    const sent = this.caller.charge(BATCH_COST);
    const replied = sent + PORT_TRANSIT + serviceTime(model, items, this.random) + PORT_TRANSIT;
    this.events.at(replied, () => {
      this.caller.run(BATCH_COST + ANSWER_COST * answers, () => {
        this.#running--;
        done();
      });
    });
  }
}
