import type { NamedTensorMap } from "@tensorflow/tfjs-core";
import { InvalidArgumentError, InvalidModelError, MissingDependencyError, type TensorSpec } from "bentoml-core";
import { openEngine, type Engine } from "./engine.js";
import type { ModelLayout } from "./model-layout.js";
import type { ModelToOpen, OpenMethod, OpenModel } from "./open-model.js";
import type { NativeMetaGraph, NativeSavedModels, NativeSignature, NativeTensorInfo } from "./saved-model-engine.js";
import { tensorSpec } from "./tensor-spec.js";
import { savedModelDtype } from "./tensorflow-type.js";

/** The signature that TensorFlow's own servers take when none is asked for. */
const usualSignature = "serving_default";

/** Which graph of a SavedModel is saved, and which of its signatures is `run`. */
export interface SavedModelChoice {
  /** Default: the only graph's, or `["serve"]`. */
  readonly tags?: readonly string[];
  /** Default: `serving_default`, or the only one. */
  readonly signature?: string;
}

/** A SavedModel: a method for each signature. */
export async function openSavedModel(engine: Engine, { folder, layout, source }: ModelToOpen): Promise<OpenModel> {
  const savedModels = nativeOf(engine, source);
  const { tags = [], signatures = {} } = layout;
  const path = folder.pathOf(".");
  const graph = graphWithTags(await savedModels.getMetaGraphsFromSavedModel(path), tags, source);
  const opened = await Promise.all(
    Object.entries(signatures).map(async ([method, signature]) => {
      const definition = signatureNamed(graph, signature, source);
      const model = await savedModels.loadSavedModel(path, [...tags], signature);
      return { method, model, open: openMethod(definition, (inputs) => model.predict(inputs), source) };
    }),
  );
  return {
    native: opened.find(({ method }) => method === "run")?.model,
    methods: Object.fromEntries(opened.map(({ method, open }) => [method, open])),
    dispose: () => {
      for (const { model } of opened) model.dispose();
    },
  };
}

/**
 * Reads which methods a SavedModel has: `run` is the usual signature, every other one has its own name.
 *
 * @throws MissingDependencyError without tfjs-node; InvalidArgumentError when the choice names what there is not.
 */
export async function readSavedModelLayout(path: string, choice: SavedModelChoice, source: string): Promise<ModelLayout> {
  const graphs = await readGraphs(await nativeEngineFor(source), path, source);
  const only = graphs.length === 1 ? graphs[0]?.tags : undefined;
  const tags: readonly string[] = choice.tags ?? only ?? ["serve"];
  const names = Object.keys(graphWithTags(graphs, tags, source).signatureDefs);
  const usual = defaultSignature(names, choice.signature, source);
  const others = names.filter((name) => name !== usual);
  for (const name of others) checkMethodName(name, source);
  const sameNames = Object.fromEntries(others.map((name) => [name, name]));
  return { kind: "saved_model", tags, signatures: { run: usual, ...sameNames } };
}

async function readGraphs(savedModels: NativeSavedModels, path: string, source: string): Promise<readonly NativeMetaGraph[]> {
  try {
    return await savedModels.getMetaGraphsFromSavedModel(path);
  } catch (error) {
    throw new InvalidModelError(`${source} cannot be read as a SavedModel: ${(error as Error).message}`, { cause: error });
  }
}

async function nativeEngineFor(source: string): Promise<NativeSavedModels> {
  try {
    const { engine } = await openEngine("tensorflow");
    return nativeOf(engine, source);
  } catch (error) {
    if (!(error instanceof MissingDependencyError)) throw error;
    throw new MissingDependencyError(
      `${source} is a SavedModel, which only TensorFlow's native library runs. ${error.message} Or convert it to a graph model with Python's tensorflowjs_converter, which runs on every backend.`,
      { cause: error },
    );
  }
}

function nativeOf({ savedModels, backend }: Engine, source: string): NativeSavedModels {
  if (savedModels !== undefined) return savedModels;
  throw new InvalidArgumentError(`${source} is a SavedModel, which the backend "${backend}" cannot run: choose the backend "tensorflow".`);
}

function openMethod({ inputs, outputs }: NativeSignature, predict: OpenMethod["execute"], source: string): OpenMethod {
  const outputSpecs = specsOf(outputs, source);
  const isNoisy = outputSpecs.some(({ dtype }) => dtype === "int64");
  return {
    inputs: specsOf(inputs, source),
    outputs: outputSpecs,
    execute: isNoisy ? (given: NamedTensorMap) => withoutWarnings(() => predict(given)) : predict,
  };
}

/** tfjs-node writes a line about 64-bit integers into the user's console at every run. */
function withoutWarnings<Result>(work: () => Result): Result {
  const { console: target } = globalThis;
  const original = Object.getOwnPropertyDescriptor(target, "warn") as PropertyDescriptor;
  Object.defineProperty(target, "warn", { ...original, value: () => undefined });
  try {
    return work();
  } finally {
    Object.defineProperty(target, "warn", original);
  }
}

function specsOf(tensors: Readonly<Record<string, NativeTensorInfo>>, source: string): TensorSpec[] {
  return Object.entries(tensors).map(([name, { tfDtype, shape = [] }]) => tensorSpec(name, savedModelDtype(tfDtype), shape.map(sizeOf), source));
}

/** A number, or in tfjs-node 4.22 a protobuf message in the form that its generated code keeps: `{ array: [size] }`. */
function sizeOf(dim: unknown): number | undefined {
  if (typeof dim === "number") return dim;
  const { array, u } = (dim ?? {}) as { readonly array?: readonly unknown[]; readonly u?: readonly unknown[] };
  const size = (array ?? u)?.[0];
  return typeof size === "number" ? size : undefined;
}

function graphWithTags(graphs: readonly NativeMetaGraph[], tags: readonly string[], source: string): NativeMetaGraph {
  const wanted = [...tags].sort().join();
  const graph = graphs.find((candidate) => [...candidate.tags].sort().join() === wanted);
  if (graph !== undefined) return graph;
  const known = graphs.map((candidate) => JSON.stringify(candidate.tags)).join(", ");
  throw new InvalidArgumentError(`${source} has no graph with the tags ${JSON.stringify(tags)}; there is ${known}. Choose with the option tags.`);
}

function signatureNamed({ signatureDefs }: NativeMetaGraph, name: string, source: string): NativeSignature {
  const signature = signatureDefs[name];
  if (signature === undefined) throw new InvalidModelError(`${source} has lost its signature "${name}": save it again.`);
  return signature;
}

function defaultSignature(names: readonly string[], chosen: string | undefined, source: string): string {
  const known = names.map((name) => `"${name}"`).join(", ") || "none";
  if (chosen !== undefined && !names.includes(chosen)) {
    throw new InvalidArgumentError(`signature is "${chosen}", but the signatures of ${source} are: ${known}.`);
  }
  const usual = chosen ?? (names.includes(usualSignature) ? usualSignature : names.length === 1 ? names[0] : undefined);
  if (usual !== undefined) return usual;
  throw new InvalidArgumentError(
    names.length === 0
      ? `${source} has no signatures: export it with tf.saved_model.save(model, folder, signatures=…).`
      : `${source} has the signatures ${known}: say with the option signature which of them run() is.`,
  );
}

/** Names that a runner or its worker needs for themselves. */
const takenNames: ReadonlySet<string> = new Set(["run", "setup", "teardown", "then", "constructor", "__proto__"]);

function checkMethodName(name: string, source: string): void {
  if (!takenNames.has(name)) return;
  throw new InvalidArgumentError(`${source} has a signature "${name}", which cannot be the name of a method: make it run() with the option signature: "${name}", or rename it.`);
}
