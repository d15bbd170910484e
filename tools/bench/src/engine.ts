import * as ort from "onnxruntime-node";

/** How the runner under test opened its session. */
export interface EngineSettings {
  readonly threads: number;
  readonly spinning: boolean;
}

/** Reads the settings off what a runner of bentoml-onnx tells about itself. */
export function settingsOf(facts: Readonly<Record<string, unknown>>): EngineSettings {
  const { threads, spinning } = facts;
  if (typeof threads !== "number" || typeof spinning !== "boolean") throw new Error(`The runner does not tell its threads: ${JSON.stringify(facts)}`);
  return { threads, spinning };
}

/** A bare session with the same settings: the comparison is about the runner, not about the engine's options. */
export function openSession(path: string, { threads, spinning }: EngineSettings): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(path, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    extra: { session: { intra_op: { allow_spinning: spinning ? "1" : "0" } } },
  });
}

export function describeSettings({ threads, spinning }: EngineSettings): string {
  return `${threads} engine thread${threads === 1 ? "" : "s"}${spinning ? ", spinning" : ""}`;
}
