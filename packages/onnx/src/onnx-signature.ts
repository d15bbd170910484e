import { InvalidArgumentError, InvalidModelError, type ModelInfo, type ModelSignature, type StoredModel, type TensorSpec } from "bentoml-core";
import type { InferenceSession } from "onnxruntime-node";
import { elementTypeName, isDtype } from "./element-type.js";
import { describeGraph, type GraphDimension, type GraphValue } from "./graph-description.js";

/** The file of the model in its folder in the store, as Python BentoML names it. */
export const modelFileName = "saved_model.onnx";

/** An input of the graph. Where `rankKnown` is false, the graph says nothing about the shape, and `shape` is []. */
export interface GraphInput extends TensorSpec {
  readonly rankKnown: boolean;
}

/** What calls of a model's `run` are made of. */
export interface InputSide {
  readonly inputs: readonly GraphInput[];
  readonly batchable: boolean;
  /** Input and output dimension along which calls are joined and split. */
  readonly batchDim: readonly [number, number];
}

type Side = "input" | "output";

/** Specs from the engine's own description of an open model; `source` names the model in messages. */
export function specsFromEngine(
  metadata: readonly InferenceSession.ValueMetadata[],
  side: Side,
  source: string,
): TensorSpec[] {
  return metadata.map((value) => {
    if (!value.isTensor) throw unsupported(side, value.name, "no tensor (a sequence, map or optional value)", source);
    if (!isDtype(value.type)) throw unsupported(side, value.name, value.type, source);
    return { name: value.name, dtype: value.type, shape: value.shape.map((dimension) => specDimension(dimension)) };
  });
}

/** Specs from the graph's description in the file or in `model.yaml`. */
export function specsFromGraph(values: readonly GraphValue[], side: Side, source: string): TensorSpec[] {
  return values.map((value) => {
    const tensor = value.type.tensorType;
    if (tensor === undefined) throw unsupported(side, value.name, kindOf(value), source);
    const dtype = elementTypeName(tensor.elemType ?? 0);
    if (!isDtype(dtype)) throw unsupported(side, value.name, dtype, source);
    return { name: value.name, dtype, shape: (tensor.shape?.dim ?? []).map(graphDimension) };
  });
}

const inputSides = new WeakMap<StoredModel, InputSide>();

/**
 * The inputs of a stored model: from our specs in `model.yaml`, else from those that Python BentoML (api v2) writes
 * there, else (api v1) from the model's file.
 *
 * @throws InvalidModelError when an input is of a type that cannot be used.
 */
export function inputSide(model: StoredModel): InputSide {
  let side = inputSides.get(model);
  if (side === undefined) {
    side = readInputSide(model);
    inputSides.set(model, side);
  }
  return side;
}

function readInputSide(model: StoredModel): InputSide {
  const { batchable, batchDim, inputSpec } = runSignature(model);
  const values = graphValues(model).inputs;
  const inputs = inputSpec ?? specsFromGraph(values, "input", model.tag.toString());
  return { inputs: inputs.map((input) => ({ ...input, rankKnown: isRankKnown(input, values) })), batchable, batchDim };
}

/**
 * The outputs of a stored model that a run computes.
 *
 * @param chosen names of outputs, in this order; default those that were chosen when the model was saved.
 * @throws InvalidModelError when one of them is of a type that cannot be used, with the cure; InvalidArgumentError when
 *   the model has no output of that name.
 */
export function outputSpecs(model: StoredModel, chosen?: readonly string[]): readonly TensorSpec[] {
  const source = model.tag.toString();
  const saved = runSignature(model).outputSpec;
  if (saved !== undefined && chosen === undefined) return saved;
  return specsFromGraph(selectOutputs(graphValues(model).outputs, chosen, source), "output", source);
}

function runSignature(model: StoredModel): ModelSignature {
  const names = Object.keys(model.info.signatures);
  const signature = model.info.signatures["run"];
  if (signature !== undefined && names.length === 1) return signature;
  throw new InvalidModelError(
    `${model.tag.toString()} has the methods ${names.join(", ") || "(none)"}, but an ONNX model has one, "run": save it again.`,
  );
}

/** Those of the values whose names are chosen, in the order of the choice. */
export function selectOutputs<Value extends { readonly name: string }>(
  values: readonly Value[],
  chosen: readonly string[] | undefined,
  source: string,
): readonly Value[] {
  if (chosen === undefined) return values;
  if (chosen.length === 0) throw noSuchOutput("an empty list", values, source);
  return chosen.map((name) => {
    const value = values.find((candidate) => candidate.name === name);
    if (value === undefined) throw noSuchOutput(JSON.stringify(name), values, source);
    return value;
  });
}

function noSuchOutput(given: string, values: readonly { readonly name: string }[], source: string): InvalidArgumentError {
  const names = values.map((value) => value.name).join(", ");
  return new InvalidArgumentError(`outputs names ${given}, but the outputs of ${source} are: ${names}.`);
}

export interface GraphValues {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

function graphValues(model: StoredModel): GraphValues {
  return graphValuesOf(model.info) ?? describeGraph(model.pathOf(modelFileName));
}

/** The graph's inputs and outputs as `model.yaml` describes them; undefined where it does not. */
export function graphValuesOf(info: ModelInfo): GraphValues | undefined {
  const inputs = valuesFromOptions(info.options["input_specs"]);
  const outputs = valuesFromOptions(info.options["output_specs"]);
  return inputs !== undefined && outputs !== undefined ? { inputs, outputs } : undefined;
}

/** Python's `{ run: [{ name, type }] }`; undefined where it is missing or of another form. */
function valuesFromOptions(specs: unknown): readonly GraphValue[] | undefined {
  const values = isRecord(specs) ? specs["run"] : undefined;
  return Array.isArray(values) && values.every(isGraphValue) ? values : undefined;
}

function isGraphValue(value: unknown): value is GraphValue {
  return isRecord(value) && typeof value["name"] === "string" && isRecord(value["type"]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isRankKnown(input: TensorSpec, values: readonly GraphValue[]): boolean {
  const value = values.find((candidate) => candidate.name === input.name);
  return value?.type.tensorType === undefined || value.type.tensorType.shape !== undefined;
}

function graphDimension(dimension: GraphDimension): number | string {
  if (dimension.dimValue !== undefined) return specDimension(Number(dimension.dimValue));
  return specDimension(dimension.dimParam ?? "");
}

/** Unnamed dimensions are -1 in a spec. */
function specDimension(dimension: number | string): number | string {
  return dimension === "" || (typeof dimension === "number" && dimension < 0) ? -1 : dimension;
}

function kindOf(value: GraphValue): string {
  const [kind] = Object.keys(value.type);
  return kind === undefined ? "a value without a type" : `no tensor (${kind.replace(/Type$/, "")})`;
}

function unsupported(side: Side, name: string, what: string, source: string): InvalidModelError {
  const cure =
    side === "input"
      ? "Give the graph an input of a supported type instead."
      : "Leave it out with the option outputs: [names of the others], or change the graph: a scikit-learn classifier " +
        "gives a tensor when it is converted with zipmap: False; another type needs a Cast at the end.";
  return new InvalidModelError(
    `The ${side} "${name}" of ${source} is ${what}, which onnxruntime-node cannot ${side === "input" ? "take" : "return"}. ${cure}`,
  );
}
