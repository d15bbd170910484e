import type { InferenceSession } from "onnxruntime-node";
import type { OrtTensor } from "./engine-tensor.js";
import type { OnnxRuntime } from "./native-library.js";
import type { SessionDescription } from "./onnx-session.js";
import { openSession, textOf } from "./open-session.js";
import { providerNames, threadCandidates, type ThreadChoice } from "./session-options.js";
import { chooseThreads, measureRuns, modelFolderBytes, zeroFeeds } from "./warm-up.js";

/** An open session, and how its warm-up runs went. */
export interface Trial {
  readonly session: InferenceSession;
  readonly choice: ThreadChoice;
  readonly runMs?: number;
  readonly error?: string;
}

/** Opens in the lean setting, and again in the full one where a run shows that it pays. On a GPU, CPU threads hardly matter. */
export async function openBest(engine: OnnxRuntime, description: SessionDescription, available: number): Promise<Trial> {
  const { lean, full } = threadCandidates(description.options, available);
  const first = await openAndTry(engine, description, lean);
  if (!runsOnCpu(description) || (lean.threads === full.threads && lean.spinning === full.spinning)) return first;
  const choice = chooseThreads({ lean, full }, first.runMs, () => modelFolderBytes(description.path));
  if (choice === lean) return first;
  await first.session.release();
  return openAndTry(engine, description, choice);
}

export async function openAndTry(engine: OnnxRuntime, description: SessionDescription, choice: ThreadChoice): Promise<Trial> {
  const session = await openDescribed(engine, description, choice);
  try {
    const feeds = zeroFeeds(description.inputs);
    const runMs = await measureRuns(() => runQuietly(session, feeds, description.outputs));
    return { session, choice, runMs };
  } catch (error) {
    return { session, choice, error: textOf(error) };
  }
}

export function openDescribed(engine: OnnxRuntime, description: SessionDescription, choice: ThreadChoice): Promise<InferenceSession> {
  return openSession(engine, description.path, description.options, choice, `${description.tag} (${description.path})`);
}

export function runsOnCpu({ options }: SessionDescription): boolean {
  return providerNames(options)[0] === "cpu";
}

/** A failing run throws; without this the engine prints the same text to the process's stderr as well. */
const quietRun: InferenceSession.RunOptions = { logSeverityLevel: 4 };

export function runQuietly(
  session: InferenceSession,
  tensors: Readonly<Record<string, OrtTensor>>,
  outputs: readonly string[],
): Promise<InferenceSession.ReturnType> {
  return session.run(tensors as InferenceSession.FeedsType, outputs, quietRun);
}
