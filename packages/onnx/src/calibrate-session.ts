import { setTimeout as wait } from "node:timers/promises";
import type { SetupContext } from "bentoml-core";
import { chooseMeasured, settingsToMeasure, type Measurement } from "./calibration.js";
import { CalibrationFile, type KeptCalibration } from "./calibration-file.js";
import type { OnnxRuntime } from "./native-library.js";
import type { SessionDescription } from "./onnx-session.js";
import { engineVersion, textOf } from "./open-session.js";
import { threadCandidates, type ThreadChoice } from "./session-options.js";
import { openAndTry, openBest, openDescribed, runQuietly, type Trial } from "./trial.js";
import { measureRuns, zeroFeeds } from "./warm-up.js";

/** How the engine is measured; structured-cloneable. */
export interface CalibrationPlan {
  /** Where results are kept. */
  readonly folder: string;
  /** Tells the model's files from others. */
  readonly model: string;
  /** Whether to measure where no result is kept. */
  readonly measure: boolean;
  /** What was measured before this time, ms since 1970, does not count. */
  readonly notBefore?: number;
}

/** The worker that is being set up. */
export type WorkerPlace = Pick<SetupContext, "threads" | "workerIndex" | "maxBatchSize">;

/** How threads were chosen. */
export interface CalibrationFacts {
  /** "kept": as an earlier calibration on this machine found; "measured": found now. */
  readonly calibration?: "kept" | "measured";
  /** What was measured, now or then. */
  readonly measurements?: readonly Measurement[];
  /** Why threads were chosen by the warm-up run instead. */
  readonly calibrationError?: string;
}

export type CalibratedTrial = Trial & CalibrationFacts;

const pollMs = 50;
const patienceMs = 120_000;

/** Runs of one measurement: more than a warm-up's, since the result stays. */
const effort = { maxRuns: 50, enoughMs: 300 };

/**
 * Opens a model in the setting that is the best on this machine: the kept one, else, if it may, the first worker measures, while the
 * others wait, so that nothing disturbs it, and keeps the result.
 */
export async function openCalibrated(
  engine: OnnxRuntime,
  description: SessionDescription,
  worker: WorkerPlace,
  plan: CalibrationPlan,
): Promise<CalibratedTrial> {
  const file = calibrationFile(engine, description, worker, plan);
  const kept = file.read(plan.notBefore);
  if (kept !== undefined && (plan.measure || kept.error === undefined)) return openAs(engine, description, kept, "kept");
  if (!plan.measure) return openBest(engine, description, worker.threads);
  const obstacle = file.obstacle();
  if (obstacle !== undefined) return { ...(await openBest(engine, description, worker.threads)), calibrationError: obstacle };
  if (worker.workerIndex > 0) return openLater(engine, description, worker, () => file.read(plan.notBefore));
  const result = await measureOrGuess(engine, description, worker);
  const unkept = file.write(result);
  const trial = await openAs(engine, description, result, "measured");
  return unkept === undefined ? trial : { ...trial, calibrationError: unkept };
}

function calibrationFile(
  engine: OnnxRuntime,
  { options, outputs, padding }: SessionDescription,
  { threads, maxBatchSize }: WorkerPlace,
  { folder, model }: CalibrationPlan,
): CalibrationFile {
  const settings = { options, outputs, padding };
  return new CalibrationFile(folder, { model, engineVersion: engineVersion(engine), threads, maxBatchSize, settings });
}

async function openAs(
  engine: OnnxRuntime,
  description: SessionDescription,
  { choice, error, measurements }: KeptCalibration,
  calibration: "kept" | "measured",
): Promise<CalibratedTrial> {
  const trial = await openAndTry(engine, description, choice);
  return error === undefined ? { ...trial, calibration, measurements } : { ...trial, calibrationError: error };
}

async function openLater(
  engine: OnnxRuntime,
  description: SessionDescription,
  { threads }: WorkerPlace,
  read: () => KeptCalibration | undefined,
): Promise<CalibratedTrial> {
  for (let waited = 0; waited < patienceMs; waited += pollMs) {
    await wait(pollMs);
    const kept = read();
    if (kept !== undefined) return openAs(engine, description, kept, "kept");
  }
  return { ...(await openBest(engine, description, threads)), calibrationError: "the first worker did not finish measuring" };
}

/** A model that does not run on zeros cannot be measured; its warm-up knows what to do then. */
async function measureOrGuess(engine: OnnxRuntime, description: SessionDescription, worker: WorkerPlace): Promise<KeptCalibration> {
  try {
    return await measure(engine, description, worker);
  } catch (error) {
    const { session, choice } = await openBest(engine, description, worker.threads);
    await session.release();
    return { choice, measurements: [], error: textOf(error), measuredAt: Date.now() };
  }
}

async function measure(
  engine: OnnxRuntime,
  description: SessionDescription,
  { threads, maxBatchSize }: WorkerPlace,
): Promise<KeptCalibration> {
  const { lean, full } = threadCandidates(description.options, threads);
  const measurements: Measurement[] = [];
  for (const setting of settingsToMeasure(lean, full)) {
    measurements.push(await measureSetting(engine, description, setting, maxBatchSize));
  }
  const { threads: chosen, spinning } = chooseMeasured(measurements as [Measurement, ...Measurement[]]);
  return { choice: { threads: chosen, spinning }, measurements, measuredAt: Date.now() };
}

async function measureSetting(
  engine: OnnxRuntime,
  description: SessionDescription,
  setting: ThreadChoice,
  maxBatchSize: number,
): Promise<Measurement> {
  const session = await openDescribed(engine, description, setting);
  const timeOf = (rows: number): Promise<number> => {
    const feeds = zeroFeeds(description.inputs, rows, description.batchDim);
    return measureRuns(() => runQuietly(session, feeds, description.outputs), effort);
  };
  try {
    const singleMs = await timeOf(1);
    return maxBatchSize === 1 ? { ...setting, singleMs } : { ...setting, singleMs, fullBatchMs: await timeOf(maxBatchSize) };
  } finally {
    await session.release();
  }
}
