import { InvalidArgumentError } from "bentoml-core";
import type { InferenceSession } from "onnxruntime-node";

/** How `toRunner` and `loadModel` open a model, beside what every runner takes. */
export interface OnnxRunnerOptions {
  /** Engines to try in this order, such as `["cuda", "cpu"]`. Default `["cpu"]`. */
  readonly executionProviders?: readonly InferenceSession.ExecutionProviderConfig[];
  /** CPU threads of one run. Default: chosen by a warm-up run. */
  readonly intraOpNumThreads?: number;
  /** Whether idle engine threads spin, which answers a lone caller faster and costs CPU. Default: chosen by a warm-up run. */
  readonly spinning?: boolean;
  /** Names of the outputs to compute. Default: those chosen when the model was saved, which is all of them unless said otherwise. */
  readonly outputs?: readonly string[];
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
  checkThreads("intraOpNumThreads", options.intraOpNumThreads);
  checkThreads("sessionOptions.intraOpNumThreads", options.sessionOptions?.intraOpNumThreads);
  if (options.spinning !== undefined && typeof options.spinning !== "boolean") {
    throw new InvalidArgumentError(`spinning is ${JSON.stringify(options.spinning)}: it must be true or false.`);
  }
  checkProviders("executionProviders", options.executionProviders);
  checkProviders("sessionOptions.executionProviders", options.sessionOptions?.executionProviders);
  if (options.sessionOptions?.executionMode === "parallel") {
    throw new InvalidArgumentError(
      'sessionOptions.executionMode is "parallel", which is slower than more workers: leave it out.',
    );
  }
  checkCloneable(options.sessionOptions);
}

/** The options without those of every runner, which need not be able to cross to a worker. */
export function onlyRunnerOptions(options: OnnxRunnerOptions): OnnxRunnerOptions {
  const { executionProviders, intraOpNumThreads, spinning, outputs, sessionOptions } = options;
  return {
    ...(executionProviders === undefined ? {} : { executionProviders }),
    ...(intraOpNumThreads === undefined ? {} : { intraOpNumThreads }),
    ...(spinning === undefined ? {} : { spinning }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(sessionOptions === undefined ? {} : { sessionOptions }),
  };
}

function checkThreads(name: string, threads: unknown): void {
  if (threads === undefined || (Number.isSafeInteger(threads) && (threads as number) > 0)) return;
  throw new InvalidArgumentError(`${name} is ${JSON.stringify(threads)}: it must be a whole number of threads, 1 or more.`);
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
