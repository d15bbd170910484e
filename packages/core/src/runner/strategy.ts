import type { ResourceRequest } from "../resources/index.js";

/** What a strategy decides about. */
export interface SchedulingRequest {
  /** What runs. */
  readonly runnable: {
    readonly name: string;
    /** Kinds of resources that it can use, best first. */
    readonly supportedResources: readonly string[];
    /** True when one instance uses several cores by itself. */
    readonly supportsCpuMultiThreading: boolean;
  };
  /** Wanted amounts by kind; undefined wants all that the machine has. */
  readonly resources: ResourceRequest | undefined;
  /** Workers for one unit of the resource; a fraction lets a worker have several units. */
  readonly workersPerResource: number;
}

/** How many workers a runner gets, and what each is told of its share. An object or a class of the user's own fits as well. */
export interface Strategy {
  /** A whole number of at least 1. Throws when no worker can be run. */
  workerCount(request: SchedulingRequest): number;
  /**
   * Environment of the worker at `workerIndex`, from 0 to `workerCount` - 1. `BENTOML_NUM_THREAD` in it bounds the threads of a worker
   * that is a thread, and has no environment, too.
   */
  workerEnvironment(request: SchedulingRequest, workerIndex: number): Readonly<Record<string, string>>;
}
