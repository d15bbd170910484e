import { isBentoMLError } from "../errors/index.js";
import { configurationError, shown, type RunnerConfiguration } from "../configuration/index.js";
import { CPU, NVIDIA_GPU, defaultResources, type ResourceRequest } from "../resources/index.js";
import { DefaultStrategy, NO_GPUS, VISIBLE_GPUS } from "./default-strategy.js";
import { isRunnableReference, type RunnableClass, type RunnableReference } from "./runnable.js";
import type { RunnerOptions } from "./runner-options.js";
import type { SchedulingRequest, Strategy } from "./strategy.js";
import { planWorkers, type WorkerPlan } from "./worker-plan.js";

/** What the strategy reads its limit of threads from. */
const THREAD_LIMIT = "BENTOML_NUM_THREAD";

/** Decides how many workers a runner gets: what was asked for, the machine, and the strategy come together here. */
export class RunnerScheduling {
  readonly #runnerName: string;
  readonly #request: SchedulingRequest;
  readonly #strategy: Strategy;
  readonly #workers: number | undefined;
  readonly #origins: string;

  constructor(runnerName: string, runnable: RunnableClass | RunnableReference, resources: ResourceRequest | undefined, options: RunnerOptions, settings: RunnerConfiguration) {
    const { schedulingStrategy: strategy = DefaultStrategy } = options;
    this.#runnerName = runnerName;
    this.#workers = options.workers;
    this.#strategy = typeof strategy === "function" ? new strategy() : strategy;
    this.#request = {
      runnable: {
        name: isRunnableReference(runnable) ? runnable.export : runnable.name,
        supportedResources: runnable.supportedResources ?? [CPU],
        supportsCpuMultiThreading: runnable.supportsCpuMultiThreading ?? false,
      },
      resources,
      workersPerResource: options.workersPerResource ?? settings.workersPerResource,
    };
    this.#origins = originsOf(options, settings);
  }

  get workersPerResource(): number {
    return this.#request.workersPerResource;
  }

  get workerCount(): number {
    return this.#workers ?? this.#scheduled();
  }

  /** By worker index. More workers than the strategy has places for share them, one after the other. */
  workerEnvironments(): Readonly<Record<number, Readonly<Record<string, string>>>> {
    const places = this.#scheduled();
    const indices = Array.from({ length: this.workerCount }, (_, index) => index);
    return Object.fromEntries(indices.map((index) => [index, this.#environment(index % places)]));
  }

  /** Whether the strategy gives workers GPUs, which they see by their environment: only a process has one of its own. */
  get givesGpus(): boolean {
    if (!this.#request.runnable.supportedResources.includes(NVIDIA_GPU)) return false;
    const gpus = this.#environment(0)[VISIBLE_GPUS];
    return gpus !== undefined && gpus !== NO_GPUS && gpus !== "";
  }

  plan(): WorkerPlan {
    const workers = this.workerCount;
    const threadLimit = this.#workers === undefined ? threadsIn(this.#environment(0)) : undefined;
    return planWorkers({ workers, granted: this.threadsOfOne(), available: systemCores(), threadLimit });
  }

  /** Threads of a worker that has everything for itself. */
  threadsOfOne(): number {
    const { resources } = this.#request;
    const asked = resources === undefined ? undefined : this.#explained(() => defaultResources.get(resources, CPU) as number | undefined);
    return asked === undefined ? systemCores() : Math.max(1, Math.ceil(asked));
  }

  #scheduled(): number {
    const { resources } = this.#request;
    return this.#explained(() => {
      if (resources !== undefined) defaultResources.check(resources);
      const count = this.#strategy.workerCount(this.#request);
      if (Number.isInteger(count) && count >= 1) return count;
      throw configurationError(`The scheduling strategy says ${shown(count)} workers; it must say a whole number of at least 1.`);
    });
  }

  #environment(index: number): Readonly<Record<string, string>> {
    return this.#explained(() => this.#strategy.workerEnvironment(this.#request, index));
  }

  /** An error of the plan says whose it is and where the settings stand that lead to it. */
  #explained<Value>(decide: () => Value): Value {
    try {
      return decide();
    } catch (error) {
      if (!isBentoMLError(error)) throw error;
      throw configurationError(`Runner "${this.#runnerName}": ${error.message}${this.#origins}`, error);
    }
  }
}

function systemCores(): number {
  return Math.max(1, Math.ceil(defaultResources.get({ [CPU]: "system" }, CPU) as number));
}

function threadsIn(environment: Readonly<Record<string, string>>): number | undefined {
  const threads = Number(environment[THREAD_LIMIT]);
  return Number.isInteger(threads) && threads >= 1 ? threads : undefined;
}

function originsOf(options: RunnerOptions, settings: RunnerConfiguration): string {
  const places = [
    ...(options.resources === undefined ? Object.keys(settings.resources ?? {}).map((kind) => settings.origin("resources", kind)) : ["the option resources"]),
    options.workersPerResource === undefined ? settings.origin("workers_per_resource") : "the option workersPerResource",
  ].filter((place) => place !== undefined);
  return places.length === 0 ? "" : ` Set by ${places.join(", ")}.`;
}
