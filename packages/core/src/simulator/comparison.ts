import { adaptive, neverWaiting, original } from "./contenders.js";
import type { Result } from "./measurements.js";
import type { Row } from "./scenarios.js";
import { simulate } from "./simulate.js";
import type { Trace } from "./traces.js";

/** The result of several seeds whose figure is the middle one. */
export interface RowComparison {
  readonly row: Row;
  readonly value: number;
  readonly waiting: Result;
  readonly never: Result;
}

/** The adaptive policy against never waiting. */
export function compareRow(row: Row, seeds: readonly number[]): RowComparison {
  return middleOf(
    seeds.map((seed) => {
      const waiting = simulate(row.scenario, adaptive, seed);
      const never = simulate(row.scenario, neverWaiting, seed);
      return { row, waiting, never, value: valueOf(row, waiting, never) };
    }),
    ({ value }) => value,
  );
}

function valueOf({ compare }: Row, waiting: Result, never: Result): number {
  if (compare === "rate") return waiting.throughput;
  return compare === "throughput" ? waiting.throughput / never.throughput : never.meanLatency / waiting.meanLatency;
}

export interface TraceComparison {
  readonly trace: Trace;
  /** Ratios, the adaptive policy's over the original's; the middle ones of several seeds. */
  readonly goodput: number;
  readonly p99: number;
  readonly p50: number;
}

/** The adaptive policy against the Python original's algorithm. */
export function compareTrace(trace: Trace, seeds: readonly number[]): TraceComparison {
  const runs = seeds.map((seed) => {
    const ours = simulate(trace.scenario, adaptive, seed);
    const theirs = simulate(trace.scenario, original(trace.limit), seed);
    return { goodput: ours.goodput / theirs.goodput, p99: ours.p99 / theirs.p99, p50: ours.p50 / theirs.p50 };
  });
  const middle = (key: "goodput" | "p99" | "p50"): number => middleOf(runs, (run) => run[key])[key];
  return { trace, goodput: middle("goodput"), p99: middle("p99"), p50: middle("p50") };
}

/** A trace on which something got at least 2 % better, and nothing worse. */
export function isBetter({ goodput, p99 }: TraceComparison): boolean {
  return goodput >= 0.995 && p99 <= 1.005 && (goodput >= 1.02 || p99 <= 0.98);
}

function middleOf<Value>(values: readonly Value[], figure: (value: Value) => number): Value {
  return [...values].sort((one, other) => figure(one) - figure(other))[Math.floor(values.length / 2)] as Value;
}
