import { isUtf8, type Buffer } from "node:buffer";
import type { NamedTensors, NdArray, TensorSpec } from "bentoml-core";
import { readCallParameters, type CallParameters } from "./call-parameters.js";
import { quoteLongIntegers } from "./exact-integers.js";
import { flatValues } from "./flat-values.js";
import { describeJson, invalidRequest, quoted } from "./invalid-request.js";
import { tensorFromJson } from "./json-tensors.js";

/** A request of the generate extension as the server works with it. */
export interface GenerateRequest {
  /** Comes back in each answer when the client gave one. */
  readonly id: string | undefined;
  readonly inputs: NamedTensors;
  readonly call: CallParameters;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Keys of a request that are no inputs, unless the model has one of that name. */
const ID = "id";
const PARAMETERS = "parameters";

/**
 * Reads a request of the generate extension: a JSON object of scalars and lists by input name, where inputs may also stand among the
 * `parameters`. Datatypes are those of the model's inputs; missing leading dimensions, such as the one of the batch, are 1. Throws
 * InvalidArgumentError that names the input.
 */
export function parseGenerateRequest(bytes: Buffer, specs: readonly TensorSpec[]): GenerateRequest {
  if (specs.length === 0) throw invalidRequest("the inputs of this model are not known, so that plain values cannot be given their datatypes: use infer");
  const text = bytes.toString("utf8");
  if (!isUtf8(bytes)) throw invalidRequest("the JSON of the request is not UTF-8");
  const values = inputValues(parseObject(text), specs);
  const inputs: Record<string, NdArray> = {};
  for (const spec of specs) {
    const value = values.all[spec.name];
    if (value !== undefined) inputs[spec.name] = tensorOf(spec, value, () => inputValues(parseObject(quoteLongIntegers(text)), specs).all[spec.name]);
  }
  return { id: readId(values.id), inputs, call: readCallParameters(values.parameters) };
}

function parseObject(json: string): JsonObject {
  let body: unknown;
  try {
    body = JSON.parse(json);
  } catch (error) {
    throw invalidRequest(`the request is not valid JSON: ${(error as Error).message}`);
  }
  return recordOf("the request", body);
}

function recordOf(what: string, value: unknown): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw invalidRequest(`${what} must be a JSON object, it is ${describeJson(value)}`);
}

interface InputValues {
  readonly id: unknown;
  readonly parameters: JsonObject;
  readonly all: Record<string, unknown>;
}

/** The model's inputs among the body's keys and its parameters; what stands at the top wins. */
function inputValues(body: JsonObject, specs: readonly TensorSpec[]): InputValues {
  const isInput = (name: string): boolean => specs.some((spec) => spec.name === name);
  const given = body[PARAMETERS];
  const parameters = given === undefined || isInput(PARAMETERS) ? {} : recordOf('"parameters"', given);
  const all: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parameters)) if (isInput(name)) all[name] = value;
  for (const [name, value] of Object.entries(body)) {
    if (isInput(name)) all[name] = value;
    else if (name !== ID && name !== PARAMETERS) {
      throw invalidRequest(`the model has no input ${quoted(name)}, its inputs are ${specs.map((spec) => quoted(spec.name)).join(", ")}; what is none belongs in "parameters"`);
    }
  }
  return { id: isInput(ID) ? undefined : body[ID], parameters, all };
}

function readId(id: unknown): string | undefined {
  if (id === undefined || typeof id === "string") return id;
  throw invalidRequest(`"id" must be a string, it is ${describeJson(id)}`);
}

function tensorOf({ name, dtype, shape }: TensorSpec, value: unknown, readExactly: () => unknown): NdArray {
  const lengths = lengthsOf(value);
  if (lengths.length > shape.length) {
    throw invalidRequest(`input ${quoted(name)} has ${shape.length} dimensions, the request's value is nested ${lengths.length} deep`);
  }
  const full = [...new Array<number>(shape.length - lengths.length).fill(1), ...lengths];
  const elements = (given: unknown): readonly unknown[] => (lengths.length === 0 ? [given] : flatValues(given, lengths, name));
  return tensorFromJson(name, dtype, full, elements(value), () => elements(readExactly()));
}

/** How long the lists are at each depth, as the first ones tell. */
function lengthsOf(value: unknown): readonly number[] {
  const lengths: number[] = [];
  for (let level = value; Array.isArray(level); level = level[0] as unknown) lengths.push(level.length);
  return lengths;
}
