import { autocannonLoad } from "./autocannon-load.js";
import { findWrk, wrkLoad } from "./wrk-load.js";

/** Callers in a closed loop: each sends its next request when it has its answer. */
export interface Load {
  readonly url: string;
  readonly body: string;
  readonly inFlight: number;
  readonly seconds: number;
}

export interface LoadResult {
  /** 0 when no answer came in time. */
  readonly requestsPerSecond: number;
  /** Median time from request to answer, µs. */
  readonly medianMicros: number;
}

export interface LoadGenerator {
  readonly name: string;
  /** Rejects when a request fails or is answered with another status than 200. */
  run(load: Load): Promise<LoadResult>;
}

/** wrk where it is installed, since it leaves more of the cores to the servers; else autocannon. */
export async function chooseLoadGenerator(): Promise<LoadGenerator> {
  return (await findWrk()) ? { name: "wrk", run: wrkLoad } : { name: "autocannon", run: autocannonLoad };
}
