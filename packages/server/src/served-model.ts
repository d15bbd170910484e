import { InvalidArgumentError, type CallOptions, type ModelInfo, type Tag, type TensorSpec } from "bentoml-core";
import { classLabelsOf, type ClassLabels } from "./class-labels.js";

/** The part of a runner's method that a server uses. A `RunnerMethod` of bentoml-core is one. */
export interface ServableMethod {
  /** Most items in one batch. */
  readonly maxBatchSize: number;
  /** Of a method that answers with many values, `stream` is true. */
  readonly config?: { readonly stream: boolean };
  /** Gives a function to call, or an object with the function `stream`. */
  with(options: CallOptions): object;
}

/** The part of a runner that a server uses. A `Runner` of bentoml-core is one. */
export interface ServableRunner {
  /** For metrics and messages. */
  readonly name: string;
  /** Every method by name. */
  readonly methods: Readonly<Record<string, ServableMethod>>;
  /** Starts it; resolves when it can be called. */
  init(): Promise<unknown>;
  /** Finishes what was accepted, then lets go of everything. */
  destroy(): Promise<void>;
  /** Whether a call would be run now; waits up to `timeoutMs` for it. */
  runnerHandleIsReady(timeoutMs?: number): Promise<boolean>;
  /** What waits, and what the workers do. */
  stats(): {
    readonly queuedItems: number;
    /** Of the arguments of the calls that wait, where they wait in this process. */
    readonly queuedBytes?: number | undefined;
    /** Those that run, and those of them that do nothing, where they are known. */
    readonly workers: { readonly restarts: number; readonly alive?: number; readonly idle?: number };
  };
}

/** One version of a model under the name it is served by, and the runner method that answers for it. */
export interface ServedModel {
  /** The name in the protocol's paths. */
  readonly name: string;
  /** The version in the protocol's paths. */
  readonly version: string;
  /** What runs it. */
  readonly runner: ServableRunner;
  /** The runner's method that takes a record of arrays by input name. */
  readonly method: string;
  /** In the model's order. Empty when they are not known. */
  readonly inputs: readonly TensorSpec[];
  /** In the model's order. Empty when they are not known. */
  readonly outputs: readonly TensorSpec[];
  /** `<project>_<format>`, such as `onnx_onnxv1`. */
  readonly platform: string;
  /** Names of the classes that its outputs speak of, said by the classification extension and by the page. Default: none are known. */
  readonly labels?: ClassLabels;
}

/** The part of a stored model that a server needs. */
export interface ServableModel {
  /** Its name and version. */
  readonly tag: Tag;
  /** What its `model.yaml` says of its methods and of its framework. */
  readonly info: Pick<ModelInfo, "signatures" | "context"> & Partial<Pick<ModelInfo, "metadata">>;
}

/** Names of the method that is taken when a model has several signatures. */
const usualMethods: readonly string[] = ["predict", "run", "__call__"];

/**
 * Describes how a stored model is served: under its tag's name and version, by the method of its signature, with the class names that its
 * metadata have under `labels`. `overrides` replaces any of that. Throws InvalidArgumentError when it is not clear which method to serve, or the runner lacks it.
 */
export function servedModel(
  model: ServableModel,
  runner: ServableRunner,
  overrides: Partial<Omit<ServedModel, "runner">> = {},
): ServedModel {
  const { signatures } = model.info;
  const method = overrides.method ?? methodToServe(model, Object.keys(signatures));
  methodOf(runner, method);
  const outputs = overrides.outputs ?? signatures[method]?.outputSpec ?? [];
  const labels = classLabelsOf(model.info.metadata ?? {}, outputs);
  return {
    name: model.tag.name,
    version: model.tag.version ?? "1",
    inputs: signatures[method]?.inputSpec ?? [],
    outputs,
    platform: platformOf(model.info.context.frameworkName),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...overrides,
    runner,
    method,
  };
}

function methodToServe(model: ServableModel, methods: readonly string[]): string {
  const method = methods.length === 1 ? methods[0] : usualMethods.find((usual) => methods.includes(usual));
  if (method === undefined) {
    throw new InvalidArgumentError(
      `model ${model.tag.toString()} has the methods ${methods.join(", ") || "(none)"}: say which to serve with { method }`,
    );
  }
  return method;
}

/** The protocol's names of the formats that we know; others are called by their framework. */
const platforms: Readonly<Record<string, string>> = { onnx: "onnx_onnxv1", tensorflow: "tensorflow_savedmodel" };

function platformOf(frameworkName: string): string {
  return platforms[frameworkName] ?? frameworkName;
}

/** Whether the method answers with many values, one after the other. */
export function isStream({ config }: ServableMethod): boolean {
  return config?.stream === true;
}

/** A runner's method by its name. Throws InvalidArgumentError when there is none. */
export function methodOf(runner: ServableRunner, method: string): ServableMethod {
  const found = Object.hasOwn(runner.methods, method) ? runner.methods[method] : undefined;
  if (found !== undefined) return found;
  const methods = Object.keys(runner.methods).join(", ") || "none";
  throw new InvalidArgumentError(`runner ${runner.name} has no method "${method}" to serve, its methods are: ${methods}`);
}
