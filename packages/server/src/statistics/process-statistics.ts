/** How often something took time, and how much in all. */
export interface Durations {
  /** How often. */
  readonly count: number;
  /** Nanoseconds, as the protocol has them. */
  readonly ns: number;
}

/** The requests of one model's version. */
export interface RequestCounts {
  /** Those that were answered with a result. */
  readonly success: Durations;
  /** Those that were answered with an error. */
  readonly fail: Durations;
  /** Time of the last one in ms since 1970, 0 for none. */
  readonly lastAt: number;
}

/** The batches that a method of a runner has answered. */
export interface BatchCounts {
  /** Rows of all of them. */
  readonly items: number;
  /** Runs of the method. */
  readonly batches: number;
  /** By the protocol's names: queue, compute_input, compute_infer, compute_output. */
  readonly ofRequests: Readonly<Record<string, Durations>>;
  /** By size. */
  readonly bySize: Readonly<Record<string, Readonly<Record<string, Durations>>>>;
}

/** What one process has counted, as plain data that another process can add to its own. */
export interface ProcessStatistics {
  /** By model and version. */
  readonly requests: Readonly<Record<string, RequestCounts>>;
  /** By runner and method. */
  readonly batches: Readonly<Record<string, BatchCounts>>;
}

/** Gives the statistics of all processes that serve the same, this one's among them. */
export type StatisticsGatherer = (own: ProcessStatistics) => Promise<readonly ProcessStatistics[]>;

const NO_TIME: Durations = { count: 0, ns: 0 };

export function sumOfRequests(counts: readonly RequestCounts[]): RequestCounts {
  return {
    success: sumOfDurations(counts.map(({ success }) => success)),
    fail: sumOfDurations(counts.map(({ fail }) => fail)),
    lastAt: Math.max(0, ...counts.map(({ lastAt }) => lastAt)),
  };
}

export function sumOfBatches(counts: readonly BatchCounts[]): BatchCounts {
  return {
    items: counts.reduce((sum, { items }) => sum + items, 0),
    batches: counts.reduce((sum, { batches }) => sum + batches, 0),
    ofRequests: sumByName(counts.map(({ ofRequests }) => ofRequests)),
    bySize: merged(counts.map(({ bySize }) => bySize), sumByName),
  };
}

function sumByName(records: readonly Readonly<Record<string, Durations>>[]): Readonly<Record<string, Durations>> {
  return merged(records, sumOfDurations);
}

function sumOfDurations(durations: readonly Durations[]): Durations {
  return durations.reduce((sum, { count, ns }) => ({ count: sum.count + count, ns: sum.ns + ns }), NO_TIME);
}

/** Under each name the sum of what the records have there. */
function merged<Value>(records: readonly Readonly<Record<string, Value>>[], sum: (values: readonly Value[]) => Value): Readonly<Record<string, Value>> {
  const names = new Set(records.flatMap((record) => Object.keys(record)));
  return Object.fromEntries([...names].map((name) => [name, sum(records.map((record) => record[name]).filter((value) => value !== undefined))]));
}
