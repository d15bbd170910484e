import { InvalidArgumentError, isBentoMLError, Runner, type AnyRunner, type AnyRunnerMethod, type RunnableMethods, type RunnableReference, type RunnerOptions } from "bentoml-core";
import { resolveClientOptions, type TritonClientOptions } from "./client-options.js";
import { ServerCalls } from "./server-calls.js";
import { ServerModel } from "./server-model.js";
import type { RepositoryEntry } from "./server-answers.js";
import { TritonRunnerHandle, type MethodModel, type TritonHandleOptions } from "./triton-runner-handle.js";

const DEFAULT_NAME = "triton";
const READY = "READY";
/** Calls of one model that a worker of a runner server has on their way at once. */
const CALLS_AT_ONCE = 64;

/** `Runner` for descriptions, with one signature, as a base class must have. */
const BaseRunner = Runner as new (reference: RunnableReference, options?: RunnerOptions) => AnyRunner;

/**
 * A runner whose methods are models of an inference server: `runner.methods.resnet(image)`. Arguments are checked here against the
 * model's metadata, and a call gives the output as an array, or several as a record of arrays; a decoupled model is a stream. Where
 * `init`, which the first call does by itself, would start workers, it connects to the server.
 */
export class TritonRunner extends BaseRunner {
  readonly #options: TritonHandleOptions;
  #handle: TritonRunnerHandle | undefined;

  /**
   * Connects to nothing yet.
   *
   * @param models The model of each method.
   * @throws InvalidArgumentError for options that cannot be met, and for no models.
   */
  constructor(server: TritonHandleOptions, options: RunnerOptions = {}) {
    super(tritonRunnable(server), { name: DEFAULT_NAME, ...options });
    this.#options = server;
  }

  /** Sends the calls to the server, which need not be there yet. Idempotent; the first call does it by itself. */
  override init(): Promise<this> {
    this.#handle ??= new TritonRunnerHandle(this, this.#options);
    return this.initClient(this.#handle);
  }

  override async destroy(): Promise<void> {
    await super.destroy();
    this.#handle = undefined;
  }
}

/** A runner of one model, whose only method is `run`. */
export type TritonModelRunner = TritonRunner & {
  /** Runs the model; of a decoupled one, `run.stream` gives its responses. */
  readonly run: AnyRunnerMethod;
  /** The same, by its name. */
  readonly methods: { readonly run: AnyRunnerMethod };
};

/**
 * What workers of a runner server, and `initLocal`, make the models' methods of.
 *
 * @throws InvalidArgumentError for options that cannot be met, now and not with the first call.
 */
export function tritonRunnable(server: TritonHandleOptions): RunnableReference {
  resolveClientOptions(server.url, server.client ?? {});
  const entries = Object.entries(server.models);
  if (entries.length === 0) throw new InvalidArgumentError("A Triton runner needs at least one model: { models: { resnet: { modelName: \"resnet\" } } }.");
  const methods: RunnableMethods = Object.fromEntries(
    entries.map(([method, { modelName, isDecoupled = false }]) => [
      method,
      { stream: isDecoupled, doc: `Model "${modelName}" at ${String(server.url)}.`, ...(isDecoupled ? {} : { maxConcurrency: CALLS_AT_ONCE }) },
    ]),
  );
  const params: TritonHandleOptions = { ...server, url: String(server.url) };
  return { module: new URL("./triton-runnable.js", import.meta.url).href, export: "TritonRunnable", params, methods };
}

/** Options of a runner that is made from what a server tells. */
export interface FromServerOptions {
  /** How the server is called. */
  readonly client?: TritonClientOptions;
  /** Names of the models to take. Default: all that are ready. Servers without a model repository must be told. */
  readonly models?: readonly string[];
}

/**
 * A runner with a method for each model of a server, of its latest version. Asks the server for the list, and each model whether it is
 * decoupled.
 *
 * @throws what the server answers; InvalidArgumentError when it has no models that are ready.
 */
export async function fromServer(url: string | URL, { client = {}, models }: FromServerOptions = {}, options: RunnerOptions = {}): Promise<TritonRunner> {
  const calls = new ServerCalls(url, client);
  try {
    const names = models ?? (await readyModels(calls));
    if (names.length === 0) throw new InvalidArgumentError(`The server at ${String(url)} has no models that are ready: load one, or name them with { models }.`);
    const described = names.map(async (modelName) => {
      const { isDecoupled } = await new ServerModel(calls, { modelName }).describe();
      return [modelName, { modelName, isDecoupled }] as const;
    });
    const methods: Readonly<Record<string, MethodModel>> = Object.fromEntries(await Promise.all(described));
    return new TritonRunner({ url, models: methods, client }, options);
  } finally {
    await calls.close(true);
  }
}

async function readyModels(calls: ServerCalls): Promise<readonly string[]> {
  const index = await calls.postJson<readonly RepositoryEntry[]>("/v2/repository/index", { ready: true }, {}, true).catch(refuseWithoutIndex);
  return [...new Set(index.filter(({ state }) => state === undefined || state === READY).map(({ name }) => name))];
}

/** Statuses of servers that keep no repository. */
const NO_REPOSITORY: ReadonlySet<number> = /* @__PURE__ */ new Set([404, 405, 501]);

function refuseWithoutIndex(error: unknown): never {
  if (!isBentoMLError(error) || !NO_REPOSITORY.has(error.httpStatus)) throw error;
  throw new InvalidArgumentError(`The server keeps no list of its models: name them, as in fromServer(url, { models: ["resnet"] }). (${error.message})`, { cause: error });
}
