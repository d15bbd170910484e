// What the page gets from its server. The browser's side imports these types, so nothing of Node.js may be needed here.

/** What the page shows of a server, and what `curl` gets at `/`. */
export interface ServerSummary {
  readonly name: "bentoml";
  readonly version: string;
  readonly models: readonly ModelSummary[];
  /** Path of the OpenAPI document; null when the server has no APIs of its own. */
  readonly apis: string | null;
  readonly metrics: string;
}

/** One version of a model. */
export interface ModelSummary {
  readonly name: string;
  readonly version: string;
  readonly platform: string;
  readonly ready: boolean;
  /** Path for POST. */
  readonly infer: string;
  readonly runner: string;
  /** Items in one batch at most; null for no limit. */
  readonly maxBatchSize: number | null;
  readonly inputs: readonly TensorSummary[];
  readonly outputs: readonly TensorSummary[];
}

/** A tensor of a signature. Open dims have a name, or are -1. */
export interface TensorSummary {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly (number | string)[];
  /** Names of the classes that an output speaks of, where they are known. */
  readonly labels?: readonly string[];
}

/** What the charts are drawn from. Counts only grow within one `watch`, so that each client takes its own differences. */
export interface LiveReading {
  /** Another one when counting has begun anew, or another process answers: then counts are not to be compared with those before. */
  readonly watch: string;
  /** Milliseconds on the server's own clock, which never jumps. */
  readonly atMs: number;
  /** Requests that have ended, without probes, scrapes and the page's own. */
  readonly requests: number;
  /** Of these, those with a status of 400 and more. */
  readonly failures: number;
  /** `counts` has one more than `boundsMs`, for what was longer than all of them. */
  readonly durations: { readonly boundsMs: readonly number[]; readonly counts: readonly number[] };
  readonly runners: readonly LiveRunner[];
}

/** One runner in a reading. */
export interface LiveRunner {
  readonly name: string;
  readonly batches: number;
  readonly items: number;
  readonly queuedItems: number;
  /** Workers that run; 0 where they are not in this process. */
  readonly workers: number;
  readonly idleWorkers: number;
  readonly restarts: number;
}
