import { InvalidArgumentError, InvalidModelError, type ModelDraft, type SavedFacts } from "bentoml-core";
import type { InferenceSession } from "onnxruntime-node";
import { decideBatching, type BatchingChoice } from "./batch-dimension.js";
import { copyModel, type CopiedModel, type OnnxModelSource } from "./copy-model.js";
import { elementTypeName, isDtype } from "./element-type.js";
import { moveWeightsOut } from "./external-weights.js";
import type { GraphDescription } from "./graph-description.js";
import { loadOnnxRuntime } from "./native-library.js";
import { selectOutputs, specsFromEngine } from "./onnx-signature.js";
import { engineVersion, openSession } from "./open-session.js";

/** What `saveModel` and `importModel` take beside labels, metadata and the store. */
export interface OnnxSaveOptions {
  /** How calls of the only method, `run`, are batched. Default: read from the graph. */
  readonly signatures?: { readonly run?: BatchingChoice };
  /** Names of the outputs that a run computes, in order. Default: all. */
  readonly outputs?: readonly string[];
  /**
   * Whether weights are moved into a file beside the model, where the runner option `shareWeights` needs them. Default: they stay
   * where they are. The engine writes the model anew for that.
   */
  readonly externalWeights?: boolean;
}

/** As Python BentoML 1.4 writes it, and opens it. */
const apiVersion = "v2";

/**
 * Writes the model's files into the draft, opens it with the engine and reads its signature.
 *
 * @throws InvalidModelError when the engine cannot open it or cannot return an output; InvalidArgumentError for options
 *   that the graph does not allow.
 */
export async function saveOnnxModel(
  draft: ModelDraft,
  source: OnnxModelSource,
  options: OnnxSaveOptions,
): Promise<SavedFacts> {
  const choice = runChoice(options);
  const engine = await loadOnnxRuntime();
  const copied = await copyModel(source, draft);
  const session = await openToSave(copied, async () => {
    if (options.externalWeights === true) await moveWeightsOut(engine, copied, draft);
    return openSession(engine, copied.path, {}, { threads: 1, spinning: false }, copied.source);
  });
  const version = engineVersion(engine);
  try {
    return { ...factsOf(session, copied, options.outputs, choice), ...writtenBy(version, copied.graph) };
  } finally {
    await session.release();
  }
}

function factsOf(
  session: InferenceSession,
  copied: CopiedModel,
  outputs: readonly string[] | undefined,
  choice: BatchingChoice,
): Pick<SavedFacts, "signatures" | "options"> {
  const { source, graph } = copied;
  const inputSpec = specsFromEngine(session.inputMetadata, "input", source);
  const outputSpec = specsFromEngine(selectOutputs(session.outputMetadata, outputs, source), "output", source);
  const inputs = inputSpec.map((input) => ({ ...input, rankKnown: isRankKnown(graph, input.name) }));
  const batching = decideBatching(choice, { inputs, outputs: outputSpec }, source);
  return {
    signatures: { run: { ...batching, inputSpec, outputSpec } },
    options: {
      input_specs: { run: graph.inputs },
      output_specs: { run: graph.outputs },
      providers: null,
      session_options: null,
    },
  };
}

function writtenBy(
  version: string,
  graph: GraphDescription,
): Pick<SavedFacts, "frameworkName" | "frameworkVersions" | "apiVersion"> {
  return {
    frameworkName: "onnx",
    frameworkVersions: { onnx: `opset ${graph.opset}`, onnxruntime: version },
    apiVersion,
  };
}

function runChoice(options: OnnxSaveOptions): BatchingChoice {
  const others = Object.keys(options.signatures ?? {}).filter((name) => name !== "run");
  if (others.length > 0) {
    throw new InvalidArgumentError(
      `signatures has the methods ${others.join(", ")}, but an ONNX model has only one method, "run".`,
    );
  }
  const choice = options.signatures?.run ?? {};
  const unknown = Object.keys(choice).find((name) => name !== "batchable" && name !== "batchDim");
  if (unknown === undefined) return choice;
  throw new InvalidArgumentError(`signatures.run has no field "${unknown}": it has batchable and batchDim.`);
}

/** The engine says that an element type is unsupported, but not of which input or output. */
async function openToSave(copied: CopiedModel, open: () => Promise<InferenceSession>): Promise<InferenceSession> {
  try {
    return await open();
  } catch (error) {
    const odd = error instanceof InvalidModelError ? unsupportedTensor(copied.graph) : undefined;
    if (odd === undefined) throw error;
    throw new InvalidModelError(
      `The ${odd} of ${copied.source}: onnxruntime-node cannot open a model with such tensors on its outside, ` +
        "even if they are not asked for. Add a Cast to float32 to the graph, or remove it from the graph's outputs.",
      { cause: error },
    );
  }
}

function unsupportedTensor(graph: GraphDescription): string | undefined {
  const sides = [
    ...graph.inputs.map((value) => ({ value, side: "input" })),
    ...graph.outputs.map((value) => ({ value, side: "output" })),
  ];
  for (const { value, side } of sides) {
    const type = elementTypeName(value.type.tensorType?.elemType ?? 1);
    if (type === "bfloat16" || !isDtype(type)) return `${side} "${value.name}" is ${type}`;
  }
  return undefined;
}

function isRankKnown(graph: GraphDescription, name: string): boolean {
  return graph.inputs.find((input) => input.name === name)?.type.tensorType?.shape !== undefined;
}
