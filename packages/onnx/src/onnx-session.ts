import type { NamedTensors, NdArray } from "bentoml-core";
import type { InferenceSession, OnnxValue } from "onnxruntime-node";
import { fromOrtTensor, toOrtTensor, type OrtTensor } from "./engine-tensor.js";
import { loadOnnxRuntime, type OnnxRuntime } from "./native-library.js";
import type { GraphInput } from "./onnx-signature.js";
import { engineVersion, openSession, textOf } from "./open-session.js";
import { explainRunError } from "./run-error.js";
import type { OnnxRunnerOptions } from "./runner-options.js";
import { providerNames, threadCandidates, type ThreadChoice } from "./session-options.js";
import { chooseThreads, measureRuns, modelFolderBytes, zeroFeeds } from "./warm-up.js";

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
}

/** How a session was opened; reaches the runner as its worker's facts. */
export interface SessionFacts {
  /** CPU threads of one run. */
  readonly threads: number;
  readonly spinning: boolean;
  /** Shortest warm-up run of batch 1 in the chosen setting, ms; absent if the model cannot run on zeros. */
  readonly warmUpMs?: number;
  /** Why no warm-up run succeeded: threads were chosen by the size of the model's files. */
  readonly warmUpError?: string;
  readonly providers: readonly string[];
  /** Version of onnxruntime-node. */
  readonly engineVersion: string;
}

interface Trial {
  readonly session: InferenceSession;
  readonly choice: ThreadChoice;
  readonly runMs?: number;
  readonly error?: string;
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
   * Opens the model, runs it on zeros, and chooses threads by how long that takes.
   *
   * @param availableThreads CPU threads that this worker may use.
   * @throws MissingDependencyError, InvalidModelError, or InvalidArgumentError for options that the engine refuses.
   */
  static async open(description: SessionDescription, availableThreads: number): Promise<OnnxSession> {
    const engine = await loadOnnxRuntime();
    const trial = await openBest(engine, description, availableThreads);
    const facts: SessionFacts = {
      ...trial.choice,
      ...(trial.runMs === undefined ? {} : { warmUpMs: trial.runMs }),
      ...(trial.error === undefined ? {} : { warmUpError: trial.error }),
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

function namedOutputs(results: InferenceSession.ReturnType, outputs: readonly string[]): NdArray | NamedTensors {
  const [only] = outputs;
  if (outputs.length === 1 && only !== undefined) return fromOrtTensor(results[only] as OnnxValue);
  const record: Record<string, NdArray> = {};
  for (const name of outputs) record[name] = fromOrtTensor(results[name] as OnnxValue);
  return record;
}

/** A failing run throws; without this the engine prints the same text to the process's stderr as well. */
const quietRun: InferenceSession.RunOptions = { logSeverityLevel: 4 };

function runQuietly(
  session: InferenceSession,
  tensors: Readonly<Record<string, OrtTensor>>,
  outputs: readonly string[],
): Promise<InferenceSession.ReturnType> {
  return session.run(tensors as InferenceSession.FeedsType, outputs, quietRun);
}

/** Opens in the lean setting, and again in the full one where a run shows that it pays. On a GPU, CPU threads hardly matter. */
async function openBest(engine: OnnxRuntime, description: SessionDescription, available: number): Promise<Trial> {
  const { lean, full } = threadCandidates(description.options, available);
  const first = await openAndTry(engine, description, lean);
  const onCpu = providerNames(description.options)[0] === "cpu";
  if (!onCpu || (lean.threads === full.threads && lean.spinning === full.spinning)) return first;
  const choice = chooseThreads({ lean, full }, first.runMs, () => modelFolderBytes(description.path));
  if (choice === lean) return first;
  await first.session.release();
  return openAndTry(engine, description, choice);
}

async function openAndTry(engine: OnnxRuntime, description: SessionDescription, choice: ThreadChoice): Promise<Trial> {
  const session = await openSession(engine, description.path, description.options, choice, `${description.tag} (${description.path})`);
  try {
    const feeds = zeroFeeds(description.inputs);
    const runMs = await measureRuns(() => runQuietly(session, feeds, description.outputs));
    return { session, choice, runMs };
  } catch (error) {
    return { session, choice, error: textOf(error) };
  }
}
