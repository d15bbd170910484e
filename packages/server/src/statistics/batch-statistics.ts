import type { BatchEvent } from "bentoml-core";
import { DurationSum } from "./duration-sum.js";
import type { BatchCounts, Durations } from "./process-statistics.js";

/** Sizes that are counted apart. A runner without a largest batch could have any number of them. */
const MOST_SIZES = 1024;

/** What a batch's time went into. */
class ComputeTimes {
  readonly #input: DurationSum = new DurationSum();
  readonly #infer: DurationSum = new DurationSum();
  readonly #output: DurationSum = new DurationSum();

  /** @param count as often as the batch is to be counted: once for itself, or once for each of its requests. */
  add({ durationMs, handOverMs, readMs }: BatchEvent, count: number): void {
    this.#input.add(handOverMs * count, count);
    this.#infer.add((durationMs - handOverMs - readMs) * count, count);
    this.#output.add(readMs * count, count);
  }

  /** By the protocol's names. */
  get totals(): Readonly<Record<string, Durations>> {
    return { compute_input: this.#input.total, compute_infer: this.#infer.total, compute_output: this.#output.total };
  }
}

/**
 * The batches that a runner's method has answered. As in the protocol, the times of a request are those of the batch that it was part of;
 * failed batches do not count.
 */
export class BatchStatistics {
  #items = 0;
  #batches = 0;
  readonly #queue: DurationSum = new DurationSum();
  readonly #ofRequests: ComputeTimes = new ComputeTimes();
  readonly #bySize: Map<number, ComputeTimes> = new Map();

  add(event: BatchEvent): void {
    if (event.outcome !== "ok") return;
    this.#items += event.items;
    this.#batches++;
    this.#queue.add(event.summedQueueWaitMs, event.requests);
    this.#ofRequests.add(event, event.requests);
    this.#timesOf(event.items)?.add(event, 1);
  }

  get counts(): BatchCounts {
    return {
      items: this.#items,
      batches: this.#batches,
      ofRequests: { queue: this.#queue.total, ...this.#ofRequests.totals },
      bySize: Object.fromEntries([...this.#bySize].map(([size, times]) => [size, times.totals])),
    };
  }

  #timesOf(size: number): ComputeTimes | undefined {
    let times = this.#bySize.get(size);
    if (times === undefined && this.#bySize.size < MOST_SIZES) {
      times = new ComputeTimes();
      this.#bySize.set(size, times);
    }
    return times;
  }
}
