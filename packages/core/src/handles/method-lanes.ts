import type { Places } from "../batching/index.js";
import type { Lane, WorkerPool } from "../workers/index.js";
import type { MethodSpec } from "./method-spec.js";

/** Of all methods that run alone. */
const ALONE: Lane = { name: "", width: 1 };

/**
 * Which batches may run beside each other in a worker: those of methods with `maxConcurrency` above 1, which wait for something else,
 * have places of their own; all others share one.
 */
export class MethodLanes {
  readonly #byMethod: ReadonlyMap<string, Lane>;
  readonly #lanes: readonly Lane[];

  constructor(
    methods: readonly MethodSpec[],
    private readonly pool: WorkerPool,
  ) {
    this.#byMethod = new Map(methods.map(({ name, maxConcurrency = 1 }) => [name, maxConcurrency === 1 ? ALONE : { name: `method ${name}`, width: maxConcurrency }]));
    this.#lanes = [...new Set(this.#byMethod.values())];
  }

  of(method: string): Lane {
    return this.#byMethod.get(method) ?? ALONE;
  }

  /** Places in which any batch could be started now. */
  get idle(): number {
    let idle = 0;
    for (const lane of this.#lanes) idle = Math.max(idle, this.pool.room(lane));
    return idle;
  }

  placesFor(method: string): Places {
    const lane = this.of(method);
    return { lane: lane.name, workers: this.pool.alive * lane.width, idleWorkers: this.pool.room(lane) };
  }
}
