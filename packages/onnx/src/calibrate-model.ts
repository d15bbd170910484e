import { InvalidArgumentError, StateError, type CalibrationReport, type MeasuredSetting, type ModelStore, type RunnerOptions, type Tag } from "bentoml-core";
import type { Measurement } from "./calibration.js";
import { onnxAdapter } from "./onnx-adapter.js";
import type { SessionFacts } from "./onnx-session.js";
import type { OnnxRunnerOptions } from "./runner-options.js";
import type { ThreadChoice } from "./session-options.js";

/**
 * Measures single calls and full batches of a model in every setting of threads and spinning, whatever was measured before, and
 * keeps the best for this machine: runners of the model with the same options use it from then on. Takes some seconds, in which
 * the machine should do nothing else.
 *
 * @param options Those that the model is served with: the best setting depends on the number of workers and on `maxBatchSize`.
 * @throws ModelNotFoundError, MissingDependencyError; InvalidArgumentError for a model that does not run on the CPU; StateError where
 *   it cannot be measured or the result not be kept.
 */
export async function calibrate(
  tag: Tag | string,
  { store, ...options }: OnnxRunnerOptions & RunnerOptions & { readonly store?: ModelStore } = {},
): Promise<CalibrationReport> {
  const model = onnxAdapter.get(tag, store === undefined ? {} : { store });
  const runner = model.toRunner({ ...options, calibrate: "anew" });
  try {
    await runner.init();
    const batchSize = runner.methods["run"]?.maxBatchSize ?? 1;
    return { batchSize, settings: settingsOf(runner.facts as unknown as SessionFacts, model.tag) };
  } finally {
    await runner.destroy();
  }
}

function settingsOf({ threads, spinning, providers, measurements, calibrationError }: SessionFacts, tag: Tag): MeasuredSetting[] {
  if (measurements === undefined && calibrationError === undefined) {
    throw new InvalidArgumentError(`${tag.toString()} runs on ${providers.join(", ")}: only threads of the CPU are calibrated. Give executionProviders: ["cpu"].`);
  }
  if (measurements === undefined || calibrationError !== undefined) {
    throw new StateError(`${tag.toString()} cannot be calibrated: ${calibrationError ?? "nothing was measured"}. Its threads are chosen by a warm-up run.`);
  }
  return measurements.map((measurement) => settingOf(measurement, { threads, spinning }));
}

function settingOf({ threads, spinning, singleMs, fullBatchMs }: Measurement, chosen: ThreadChoice): MeasuredSetting {
  return {
    name: `${threads} ${threads === 1 ? "thread" : "threads"}${spinning ? ", spinning" : ""}`,
    singleMs,
    ...(fullBatchMs === undefined ? {} : { fullBatchMs }),
    chosen: threads === chosen.threads && spinning === chosen.spinning,
  };
}
