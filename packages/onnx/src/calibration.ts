import type { ThreadChoice } from "./session-options.js";

/** How long runs took in one setting, ms: the shortest of several. */
export interface Measurement extends ThreadChoice {
  readonly singleMs: number;
  /** Of a full batch; absent where calls are not joined. */
  readonly fullBatchMs?: number;
}

/**
 * A setting with more threads, or with threads that spin, takes CPU from others. It must be better by more than this share, for
 * single calls and full batches together.
 */
const leastGain = 0.1;

/** The settings worth measuring, those that take least from others first. What the user has decided stays. */
export function settingsToMeasure(lean: ThreadChoice, full: ThreadChoice): ThreadChoice[] {
  const all = [lean, { ...lean, threads: full.threads }, { ...full, threads: lean.threads }, full];
  const seen = new Set<string>();
  return all.filter((setting) => {
    // A single thread has nobody to wait for.
    const key = setting.threads === 1 ? "1" : `${setting.threads} ${setting.spinning}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/**
 * The best of the measurements, which are in the order of `settingsToMeasure`: by the product of both times, so that a setting
 * that makes one of them twice as fast and the other twice as slow counts as no better.
 */
export function chooseMeasured(measurements: readonly [Measurement, ...Measurement[]]): Measurement {
  let [best] = measurements;
  for (const measurement of measurements) {
    if (costOf(measurement) < costOf(best) * (1 - leastGain)) best = measurement;
  }
  return best;
}

function costOf({ singleMs, fullBatchMs }: Measurement): number {
  return Math.sqrt(singleMs * (fullBatchMs ?? singleMs));
}
