import type { RequestOutcome, SimulatedRequest } from "./simulated-request.js";

/** What a run showed. Times in ms, rates per second. */
export interface Result {
  readonly throughput: number;
  readonly meanLatency: number;
  readonly p50: number;
  readonly p99: number;
  /** Items per second that were answered within their limit. */
  readonly goodput: number;
  /** Part of the answered requests that were answered after their limit. */
  readonly late: number;
  /** Parts of all requests. */
  readonly shed: number;
  /** Part of the refusals that were made on arrival. */
  readonly refusedOnArrival: number;
  readonly meanBatch: number;
  readonly largestBatch: number;
  /** Batches for which a free worker was made to wait, and the longest such wait. */
  readonly waits: number;
  readonly longestWait: number;
  readonly answered: number;
  readonly aborted: number;
  /** By kind of request: answered per second. */
  readonly throughputByKind: readonly number[];
  /** By priority: mean latency and answered per second. */
  readonly byPriority: ReadonlyMap<number, { readonly throughput: number; readonly meanLatency: number }>;
}

interface Ended {
  readonly request: SimulatedRequest;
  readonly outcome: RequestOutcome;
  readonly at: number;
}

/** Collects what happens, and forgets what came before the measured part. */
export class Measurements {
  #ended: Ended[] = [];
  #batches = 0;
  #items = 0;
  #largestBatch = 0;
  #waits = 0;
  #longestWait = 0;
  #since = 0;

  begin(now: number): void {
    this.#ended = [];
    this.#batches = this.#items = this.#largestBatch = this.#waits = this.#longestWait = 0;
    this.#since = now;
  }

  ended(request: SimulatedRequest, outcome: RequestOutcome, at: number): void {
    this.#ended.push({ request, outcome, at });
  }

  batch(items: number, waited: number): void {
    this.#batches++;
    this.#items += items;
    this.#largestBatch = Math.max(this.#largestBatch, items);
    if (waited > 0) this.#waits++;
    this.#longestWait = Math.max(this.#longestWait, waited);
  }

  result(now: number): Result {
    const seconds = (now - this.#since) / 1000;
    const answered = this.#ended.filter(({ outcome }) => outcome === "answered");
    const latencies = answered.map(latency).sort((one, other) => one - other);
    const inTime = answered.filter((each) => latency(each) <= each.request.limit);
    const refused = this.#ended.filter(({ outcome }) => outcome.startsWith("refused"));
    const kinds = Math.max(0, ...this.#ended.map(({ request }) => request.kind)) + 1;
    return {
      throughput: answered.length / seconds,
      meanLatency: mean(latencies),
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      goodput: inTime.reduce((sum, { request }) => sum + request.items, 0) / seconds,
      late: share(answered.length - inTime.length, answered.length),
      shed: share(refused.length, this.#ended.length),
      refusedOnArrival: share(refused.filter(({ outcome }) => outcome === "refused on arrival").length, refused.length),
      meanBatch: this.#items / this.#batches,
      largestBatch: this.#largestBatch,
      waits: this.#waits,
      longestWait: this.#longestWait,
      answered: answered.length,
      aborted: this.#ended.filter(({ outcome }) => outcome === "aborted").length,
      throughputByKind: Array.from({ length: kinds }, (_, kind) => answered.filter(({ request }) => request.kind === kind).length / seconds),
      byPriority: byPriority(answered, seconds),
    };
  }
}

function byPriority(answered: readonly Ended[], seconds: number): Result["byPriority"] {
  const priorities = [...new Set(answered.map(({ request }) => request.priority))].sort((one, other) => other - one);
  return new Map(
    priorities.map((priority) => {
      const own = answered.filter(({ request }) => request.priority === priority);
      return [priority, { throughput: own.length / seconds, meanLatency: mean(own.map(latency)) }] as const;
    }),
  );
}

function latency({ request, at }: Ended): number {
  return at - request.arrivedAt;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
