import type { BatchingPolicy } from "../batching/index.js";
import type { Load } from "./load.js";
import type { ServiceModel } from "./service-model.js";

/** Items in a batch, where a scenario does not say otherwise. */
export const DEFAULT_MAX_BATCH_SIZE = 32;

export interface Scenario {
  readonly name: string;
  /** By the kind of a request. */
  readonly models: readonly ServiceModel[];
  readonly loads: readonly Load[];
  /** Default 1. */
  readonly workers?: number;
  /** Items. Default 32. */
  readonly maxBatchSize?: number;
  /** Items. Default 100,000. */
  readonly maxQueueSize?: number;
  /** Way of a request to the server and of its answer back, ms each: fixed, and the mean of an exponential part. 0 for callers in the process. */
  readonly network?: { readonly fixed: number; readonly jitter: number };
  /** What reading a request costs the server's thread, ms. */
  readonly requestCost?: number;
  /** What sending one costs the load generator, a thread of its own, ms. */
  readonly senderCost?: number;
  /** Part of the requests that are held up for 1 to 5 ms at the client. */
  readonly hiccups?: number;
  /** The server's thread stands still: every `every` ms, for `length` ms. */
  readonly pauses?: { readonly every: number; readonly length: number };
  /** Requests that end, answered or not, before the simulation does; the first quarter is not measured. Default 6,000. */
  readonly requests?: number;
}

/** Who forms the batches: the product's batcher by a policy, or the algorithm of the Python original. */
export type Contender = { readonly policy: BatchingPolicy } | { readonly cork: { readonly maxLatencyMs: number } };

export type Costs = Required<Pick<Scenario, "network" | "requestCost" | "senderCost" | "hiccups">>;

/** Costs of a server in Node.js with its load generator beside it, as measured. */
export const overHttp: Costs = { network: { fixed: 0.015, jitter: 0.01 }, requestCost: 0.014, senderCost: 0.008, hiccups: 0.002 };

/** Callers in the thread of the batcher. */
export const inProcess: Costs = { network: { fixed: 0, jitter: 0 }, requestCost: 0.002, senderCost: 0, hiccups: 0 };
