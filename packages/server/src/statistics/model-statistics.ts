import type { ModelDirectory } from "../model-directory.js";
import type { ServedModel } from "../served-model.js";
import { BatchesByMethod, keyOf } from "./batches-by-method.js";
import { sumOfBatches, sumOfRequests, type Durations, type ProcessStatistics } from "./process-statistics.js";
import { RequestStatistics } from "./request-statistics.js";

/**
 * What the statistics extension tells of each model that is served: requests, as the server's routes saw them, and batches from `start` to
 * `stop`. A version that is loaded anew begins at zero.
 */
export class ModelStatistics {
  readonly #directory: ModelDirectory;
  readonly #batches: BatchesByMethod = new BatchesByMethod();
  readonly #requests: WeakMap<ServedModel, RequestStatistics> = new WeakMap();

  constructor(directory: ModelDirectory) {
    this.#directory = directory;
    this.#batches.follow(directory.models);
    directory.onChange(() => this.#batches.follow(directory.models));
  }

  start(): void {
    this.#batches.start();
  }

  stop(): void {
    this.#batches.stop();
  }

  /** Where a model's requests are counted. */
  requestsOf(model: ServedModel): RequestStatistics {
    let requests = this.#requests.get(model);
    if (requests === undefined) {
      requests = new RequestStatistics();
      this.#requests.set(model, requests);
    }
    return requests;
  }

  /** What this process has counted. */
  get counts(): ProcessStatistics {
    return {
      requests: Object.fromEntries(this.#directory.models.map((model) => [versionKey(model), this.requestsOf(model).counts])),
      batches: this.#batches.counts,
    };
  }
}

/** A row of the answer, as Triton has it, the sum of all processes. Nothing here keeps answers, so the counts of a cache stay at zero. */
export function statisticsRow(model: ServedModel, processes: readonly ProcessStatistics[]): object {
  const { lastAt, success, fail } = sumOfRequests(ofEach(processes, ({ requests }) => requests[versionKey(model)]));
  const { items, batches, ofRequests, bySize } = sumOfBatches(ofEach(processes, (process) => process.batches[keyOf(model)]));
  const none: Durations = { count: 0, ns: 0 };
  const sizes = Object.entries(bySize).map(([size, times]) => ({ batch_size: Number(size), ...times }));
  return {
    name: model.name,
    version: model.version,
    last_inference: lastAt,
    inference_count: items,
    execution_count: batches,
    inference_stats: { success, fail, ...ofRequests, cache_hit: none, cache_miss: none },
    response_stats: {},
    // The smallest first.
    batch_stats: sizes.sort((one, other) => one.batch_size - other.batch_size),
    memory_usage: [],
  };
}

function ofEach<Counts>(processes: readonly ProcessStatistics[], countsOf: (process: ProcessStatistics) => Counts | undefined): readonly Counts[] {
  return processes.map(countsOf).filter((counts) => counts !== undefined);
}

function versionKey({ name, version }: ServedModel): string {
  return `${name}\n${version}`;
}
