import type { NamedTensors, NdArray } from "bentoml-core";
import type { InferenceSession, OnnxValue } from "onnxruntime-node";
import { openCalibrated, type CalibratedTrial, type CalibrationFacts, type CalibrationPlan, type WorkerPlace } from "./calibrate-session.js";
import { fromOrtTensor, toOrtTensor, type OrtTensor } from "./engine-tensor.js";
import { loadOnnxRuntime } from "./native-library.js";
import type { GraphInput } from "./onnx-signature.js";
import { engineVersion } from "./open-session.js";
import { runPadded, type Padding } from "./padded-batch.js";
import { explainRunError } from "./run-error.js";
import type { OnnxRunnerOptions } from "./runner-options.js";
import { providerNames } from "./session-options.js";
import { openBest, runQuietly, runsOnCpu } from "./trial.js";

/** What a worker needs to open a model; structured-cloneable. */
export interface SessionDescription {
  /** The ONNX file. Always opened by path: external weights lie beside it, and files of more than 2 GB work. */
  readonly path: string;
  /** For messages. */
  readonly tag: string;
  readonly inputs: readonly GraphInput[];
  /** Names of the outputs to compute, in order. */
  readonly outputs: readonly string[];
  readonly options: OnnxRunnerOptions;
  /** Dimension along which calls are joined. */
  readonly batchDim: number;
  /** For a graph whose batch dimension has a fixed length. */
  readonly padding?: Padding;
  /** Where results of measuring are kept, and whether to measure. */
  readonly calibration?: CalibrationPlan;
}

/** How a session was opened; reaches the runner as its worker's facts. */
export interface SessionFacts extends CalibrationFacts {
  /** CPU threads of one run. */
  readonly threads: number;
  /** Whether the engine's threads spin while they have nothing to do. */
  readonly spinning: boolean;
  /** Shortest warm-up run of batch 1 in the chosen setting, ms; absent if the model cannot run on zeros. */
  readonly warmUpMs?: number;
  /** Why no warm-up run succeeded: threads were chosen by the size of the model's files. */
  readonly warmUpError?: string;
  /** Names of the execution providers, in the order in which they are asked. */
  readonly providers: readonly string[];
  /** Version of onnxruntime-node. */
  readonly engineVersion: string;
}

/** An open model. Its `run` blocks the calling thread, so it belongs into a worker. */
export class OnnxSession {
  readonly facts: SessionFacts;
  readonly #session: InferenceSession;
  readonly #description: SessionDescription;

  private constructor(session: InferenceSession, description: SessionDescription, facts: SessionFacts) {
    this.#session = session;
    this.#description = description;
    this.facts = facts;
  }

  /**
   * Opens the model, runs it on zeros, and chooses threads by how long that takes, or as a calibration says.
   *
   * @throws MissingDependencyError, InvalidModelError, or InvalidArgumentError for options that the engine refuses.
   */
  static async open(description: SessionDescription, worker: WorkerPlace): Promise<OnnxSession> {
    const engine = await loadOnnxRuntime();
    const { calibration } = description;
    const trial: CalibratedTrial =
      calibration === undefined || !runsOnCpu(description)
        ? await openBest(engine, description, worker.threads)
        : await openCalibrated(engine, description, worker, calibration);
    const facts: SessionFacts = {
      ...trial.choice,
      ...(trial.runMs === undefined ? {} : { warmUpMs: trial.runMs }),
      ...(trial.error === undefined ? {} : { warmUpError: trial.error }),
      ...(trial.calibration === undefined ? {} : { calibration: trial.calibration }),
      ...(trial.measurements === undefined ? {} : { measurements: trial.measurements }),
      ...(trial.calibrationError === undefined ? {} : { calibrationError: trial.calibrationError }),
      providers: providerNames(description.options),
      engineVersion: engineVersion(engine),
    };
    return new OnnxSession(trial.session, description, facts);
  }

  /**
   * One array for a model with one selected output, otherwise a record by output name. The arrays hold the engine's own
   * buffers, which nobody else keeps: the caller may transfer them.
   *
   * @throws InvalidArgumentError where the input is at fault as far as the engine's text tells, otherwise ModelRunError.
   */
  async run(feeds: NamedTensors): Promise<NdArray | NamedTensors> {
    const { outputs, padding } = this.#description;
    const results = padding === undefined ? await this.#runOnce(feeds) : await runPadded(feeds, padding, (part) => this.#runOnce(part));
    const [only] = outputs;
    return outputs.length === 1 && only !== undefined ? (results[only] as NdArray) : results;
  }

  async #runOnce(feeds: NamedTensors): Promise<NamedTensors> {
    const { outputs, tag } = this.#description;
    const tensors: Record<string, OrtTensor> = {};
    for (const name in feeds) tensors[name] = toOrtTensor(feeds[name] as NdArray);
    let results: InferenceSession.ReturnType;
    try {
      results = await runQuietly(this.#session, tensors, outputs);
    } catch (error) {
      throw explainRunError(error, tag, feeds);
    }
    return namedOutputs(results, outputs);
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

function namedOutputs(results: InferenceSession.ReturnType, outputs: readonly string[]): NamedTensors {
  const record: Record<string, NdArray> = {};
  for (const name of outputs) record[name] = fromOrtTensor(results[name] as OnnxValue);
  return record;
}
