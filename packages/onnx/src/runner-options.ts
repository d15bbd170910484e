import { InvalidArgumentError } from "bentoml-core";
import type { InferenceSession } from "onnxruntime-node";
import { checkSessionOptionNames } from "./session-option-names.js";

/** How `toRunner` and `loadModel` open a model, beside what every runner takes. */
export interface OnnxRunnerOptions {
  /** Engines to try in this order, such as `["cuda", "cpu"]`. Default `["cpu"]`. */
  readonly executionProviders?: readonly InferenceSession.ExecutionProviderConfig[];
  /** CPU threads of one run. Default: chosen by a warm-up run. */
  readonly intraOpNumThreads?: number;
  /** Whether idle engine threads spin, which answers a lone caller faster and costs CPU. Default: chosen by a warm-up run. */
  readonly spinning?: boolean;
  /**
   * Whether threads and spinning are chosen by measuring single calls and full batches in every setting, at the first start on this
   * machine, which takes some seconds more, or at this start ("anew"). Later starts use the result, whatever this is: it is kept in
   * `cache` beside the models of the default store. Default false: by one warm-up run where nothing is kept. CPU only.
   */
  readonly calibrate?: boolean | "anew";
  /** Names of the outputs to compute. Default: those chosen when the model was saved, which is all of them unless said otherwise. */
  readonly outputs?: readonly string[];
  /**
   * For a graph whose batch dimension has a fixed length, which this must be: calls are joined up to it, and what is missing is
   * filled with copies of the last row, whose results are dropped. Default: calls are not joined, and must have that length.
   */
  readonly padTo?: number;
  /**
   * Whether workers use one copy of the weights in memory: each further worker takes a small part of it, and runs of many rows
   * take longer (up to 1.75 times, measured). The model's weights must lie in a file of their own (`externalWeights` of
   * `saveModel`). Default false: each worker rearranges a copy of its own.
   */
  readonly shareWeights?: boolean;
  /**
   * Passed on to onnxruntime. `executionMode: "parallel"` is refused (it is slower than batches on several workers), and
   * `interOpNumThreads` is always 1.
   */
  readonly sessionOptions?: InferenceSession.SessionOptions;
}

/**
 * Checks what can be checked without the engine.
 *
 * @throws InvalidArgumentError that names the option, its value and what is allowed.
 */
export function checkRunnerOptions(options: OnnxRunnerOptions): void {
  checkCount("intraOpNumThreads", options.intraOpNumThreads, "threads");
  checkCount("sessionOptions.intraOpNumThreads", options.sessionOptions?.intraOpNumThreads, "threads");
  checkCount("padTo", options.padTo, "rows");
  checkSwitch("spinning", options.spinning);
  checkSwitch("shareWeights", options.shareWeights);
  if (options.calibrate !== "anew") checkSwitch("calibrate", options.calibrate);
  checkProviders("executionProviders", options.executionProviders);
  checkProviders("sessionOptions.executionProviders", options.sessionOptions?.executionProviders);
  checkSessionOptionNames(options.sessionOptions);
  const mode: unknown = options.sessionOptions?.executionMode ?? "sequential";
  if (mode !== "sequential") {
    throw new InvalidArgumentError(
      `sessionOptions.executionMode is ${JSON.stringify(mode)}, but runs are sequential ("parallel" is slower than more workers): leave it out.`,
    );
  }
  checkCloneable(options.sessionOptions);
}

/** The options without those of every runner, which need not be able to cross to a worker. */
export function onlyRunnerOptions(options: OnnxRunnerOptions): OnnxRunnerOptions {
  const { executionProviders, intraOpNumThreads, spinning, outputs, padTo, shareWeights, sessionOptions } = options;
  return {
    ...(executionProviders === undefined ? {} : { executionProviders }),
    ...(intraOpNumThreads === undefined ? {} : { intraOpNumThreads }),
    ...(spinning === undefined ? {} : { spinning }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(padTo === undefined ? {} : { padTo }),
    ...(shareWeights === undefined ? {} : { shareWeights }),
    ...(sessionOptions === undefined ? {} : { sessionOptions }),
  };
}

function checkSwitch(name: string, value: unknown): void {
  if (value === undefined || typeof value === "boolean") return;
  throw new InvalidArgumentError(`${name} is ${JSON.stringify(value)}: it must be true or false.`);
}

function checkCount(name: string, count: unknown, of: string): void {
  if (count === undefined || (Number.isSafeInteger(count) && (count as number) > 0)) return;
  throw new InvalidArgumentError(`${name} is ${JSON.stringify(count)}: it must be a whole number of ${of}, 1 or more.`);
}

function checkProviders(name: string, providers: unknown): void {
  if (providers === undefined) return;
  const valid = Array.isArray(providers) && providers.length > 0 && providers.every(isProvider);
  if (valid) return;
  throw new InvalidArgumentError(
    `${name} is ${JSON.stringify(providers)}: it must be a list of names such as ["cpu"], or of { name, … }.`,
  );
}

function isProvider(provider: unknown): boolean {
  const name = typeof provider === "string" ? provider : (provider as { name?: unknown } | null)?.name;
  return typeof name === "string" && name !== "";
}

function checkCloneable(sessionOptions: InferenceSession.SessionOptions | undefined): void {
  try {
    structuredClone(sessionOptions);
  } catch (error) {
    throw new InvalidArgumentError("sessionOptions cannot be sent to a worker: leave functions and class instances out.", {
      cause: error,
    });
  }
}
