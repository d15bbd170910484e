import type { InferenceSession } from "onnxruntime-node";
import type { OnnxRunnerOptions } from "./runner-options.js";

/** How many CPU threads one run takes, and whether they spin while they wait for work. */
export interface ThreadChoice {
  readonly threads: number;
  readonly spinning: boolean;
}

/** The two settings between which a warm-up run decides; equal where the user has decided. */
export interface ThreadCandidates {
  /** For runs so short that waking other threads costs more than they bring. */
  readonly lean: ThreadChoice;
  /** For longer runs. */
  readonly full: ThreadChoice;
}

const errorsOnly = 3;

const spinningKey = "session.intra_op.allow_spinning";
const prepackingKey = "session.disable_prepacking";

/** `available`: CPU threads that this worker may use. */
export function threadCandidates(options: OnnxRunnerOptions, available: number): ThreadCandidates {
  const threads = options.intraOpNumThreads ?? options.sessionOptions?.intraOpNumThreads;
  const spinning = options.spinning ?? spinningOf(options.sessionOptions);
  const full = { threads: threads ?? Math.max(1, available), spinning: spinning ?? true };
  const lean = { threads: threads ?? 1, spinning: spinning ?? false };
  // A single thread has nobody to wait for, so that spinning makes no difference.
  return full.threads === 1 ? { lean, full: lean } : { lean, full };
}

/** The engine's options for this choice. Runs are sequential, with one operator at a time: parallel execution is slower. */
export function sessionOptions(options: OnnxRunnerOptions, choice: ThreadChoice): InferenceSession.SessionOptions {
  const given = options.sessionOptions ?? {};
  return {
    // Warnings would be written to this process's stderr, by every worker.
    logSeverityLevel: errorsOnly,
    ...given,
    executionProviders: options.executionProviders ?? given.executionProviders ?? ["cpu"],
    intraOpNumThreads: choice.threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    extra: withSettings(given.extra ?? {}, choice.spinning, options.shareWeights === true),
  };
}

/** Names of the execution providers, in the order in which they are tried. */
export function providerNames(options: OnnxRunnerOptions): string[] {
  const providers = options.executionProviders ?? options.sessionOptions?.executionProviders ?? ["cpu"];
  return providers.map((provider) => (typeof provider === "string" ? provider : provider.name));
}

/**
 * The engine takes nested records and dotted keys; so do we, and write one form only. Weights that are rearranged for speed
 * ("prepacked") are a copy of each session's own, those that are not are pages of the file, which all sessions share.
 */
function withSettings(extra: Readonly<Record<string, unknown>>, spinning: boolean, shareWeights: boolean): Record<string, unknown> {
  const session = recordAt(extra, "session");
  const intraOp = { ...recordAt(session, "intra_op"), allow_spinning: spinning ? "1" : "0" };
  const sharing = shareWeights ? { disable_prepacking: "1" } : {};
  const replaced = shareWeights ? [spinningKey, prepackingKey] : [spinningKey];
  const rest = Object.fromEntries(Object.entries(extra).filter(([key]) => !replaced.includes(key)));
  return { ...rest, session: { ...session, ...sharing, intra_op: intraOp } };
}

function spinningOf(given: InferenceSession.SessionOptions | undefined): boolean | undefined {
  const extra = given?.extra ?? {};
  const value = extra[spinningKey] ?? recordAt(recordAt(extra, "session"), "intra_op")["allow_spinning"];
  return value === undefined ? undefined : value === "1";
}

function recordAt(record: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  const value = record[key];
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
