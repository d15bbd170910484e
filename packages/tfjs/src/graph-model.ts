import type { NamedTensorMap, Tensor } from "@tensorflow/tfjs-core";
import type { GraphModel } from "@tensorflow/tfjs-converter";
import { InvalidModelError, type TensorSpec } from "bentoml-core";
import type { Engine } from "./engine.js";
import { folderReader } from "./model-artifacts.js";
import type { ModelToOpen, OpenModel } from "./open-model.js";
import { tensorSpec } from "./tensor-spec.js";
import { graphDtype } from "./tensorflow-type.js";

/** The part of a signature that is read: protobuf's TensorInfo as JSON. */
interface SignatureEntry {
  readonly dtype?: string;
  readonly tensorShape?: { readonly dim?: readonly { readonly size?: string | number }[]; readonly unknownRank?: boolean };
  /** Of a variable that the graph captures: an input to TensorFlow, and none to a caller. */
  readonly resourceId?: unknown;
}

type GraphSignature = Partial<Record<"inputs" | "outputs", Readonly<Record<string, SignatureEntry>>>>;

/** What the graph says of a node. */
interface NodeInfo {
  readonly dtype?: string | undefined;
  readonly shape?: readonly number[] | undefined;
}

/** A graph model: its only method is `run`. */
export async function openGraphModel({ converter }: Engine, { folder, source }: ModelToOpen): Promise<OpenModel> {
  const model = await converter().loadGraphModel(folderReader(folder, source));
  const names = (model.modelStructuredOutputKeys as readonly string[] | undefined) ?? model.outputNodes;
  const named = (results: Tensor | Tensor[]): NamedTensorMap => {
    const all = Array.isArray(results) ? results : [results];
    return Object.fromEntries(names.map((name, index) => [name, all[index] as Tensor]));
  };
  const run = {
    inputs: inputSpecs(model, source),
    outputs: outputSpecs(model, names, source),
    execute: (given: NamedTensorMap) => named(model.execute(given, model.outputNodes)),
    executeAsync: async (given: NamedTensorMap) => named(await model.executeAsync(given, model.outputNodes)),
  };
  return { native: model, methods: { run }, dispose: () => model.dispose() };
}

function inputSpecs(model: GraphModel, source: string): TensorSpec[] {
  const entries = signatureOf(model).inputs ?? {};
  return model.inputNodes.flatMap((name, index) => {
    if (entries[name]?.resourceId !== undefined) return [];
    const spec = specOf(name, entries[name], model.inputs[index] as NodeInfo, source);
    if (spec !== undefined) return [spec];
    throw new InvalidModelError(`${source} does not say the type and shape of its input "${name}": convert it from a SavedModel, whose signature says them.`);
  });
}

function outputSpecs(model: GraphModel, names: readonly string[], source: string): TensorSpec[] | undefined {
  const entries = signatureOf(model).outputs ?? {};
  const specs = model.outputNodes.map((node, index) => specOf(names[index] as string, entries[node], model.outputs[index] as NodeInfo, source));
  return specs.every((spec) => spec !== undefined) ? specs : undefined;
}

/** By the signature; where that says nothing, by the node. */
function specOf(name: string, entry: SignatureEntry | undefined, node: NodeInfo, source: string): TensorSpec | undefined {
  const dtype = entry?.dtype === undefined ? node.dtype : graphDtype(entry.dtype);
  const shape = entry?.tensorShape === undefined ? node.shape : signatureShape(entry.tensorShape);
  return dtype === undefined || shape === undefined ? undefined : tensorSpec(name, dtype, shape, source);
}

function signatureShape({ dim = [], unknownRank = false }: NonNullable<SignatureEntry["tensorShape"]>): number[] | undefined {
  return unknownRank ? undefined : dim.map(({ size }) => Number(size ?? -1));
}

/** Absent where the converter wrote none, whatever TensorFlow.js's types say. */
function signatureOf({ modelSignature }: { readonly modelSignature?: object }): GraphSignature {
  return modelSignature ?? {};
}
