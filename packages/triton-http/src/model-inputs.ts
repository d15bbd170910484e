import { autoContainer, dtypeOfDatatype, InvalidArgumentError, isBentoMLError, NdArray, type Dtype, type Params } from "bentoml-core";
import { InferInput } from "./infer-input.js";
import type { TensorMetadata } from "./server-answers.js";

/** An input of a model on a server. */
export interface ModelInput extends TensorMetadata {
  /** Whether a request may leave it out. */
  readonly isOptional: boolean;
}

/**
 * The arguments of a call as inputs of a model: all by place, or all by name (as keywords, or as one record). Values without a dtype of
 * their own take the input's; values that have one are cast only where none of them changes.
 *
 * @throws InvalidArgumentError that names the model's input, what it wants and what it was given.
 */
export function inputsOf(params: Params, wanted: readonly ModelInput[], model: string): InferInput[] {
  const values = valuesByName(params, wanted, model);
  const unknown = [...values.keys()].filter((name) => !wanted.some((input) => input.name === name));
  const missing = wanted.filter((input) => !input.isOptional && values.get(input.name) === undefined).map(({ name }) => name);
  if (unknown.length > 0 || missing.length > 0) {
    const faults = [...(missing.length > 0 ? [`missing: ${list(missing)}`] : []), ...(unknown.length > 0 ? [`unknown: ${list(unknown)}`] : [])];
    throw new InvalidArgumentError(`The inputs of model "${model}" are ${list(wanted.map(({ name }) => name))}; ${faults.join("; ")}.`);
  }
  return wanted.filter(({ name }) => values.get(name) !== undefined).map((input) => inputOf(input, values.get(input.name)));
}

function valuesByName({ args, kwargs }: Params, wanted: readonly ModelInput[], model: string): ReadonlyMap<string, unknown> {
  const keywords = Object.entries(kwargs);
  if (args.length > 0 && keywords.length > 0) {
    throw new InvalidArgumentError(`Model "${model}" was given ${args.length} inputs by place and ${keywords.length} by name: give all of them in one way.`);
  }
  const [first] = args;
  if (args.length === 1 && isRecord(first)) return new Map(Object.entries(first));
  if (keywords.length > 0) return new Map(keywords);
  if (args.length > wanted.length) {
    throw new InvalidArgumentError(`Model "${model}" has ${wanted.length} inputs (${list(wanted.map(({ name }) => name))}), but ${args.length} were given.`);
  }
  return new Map(args.map((value, index) => [(wanted[index] as ModelInput).name, value]));
}

/** A plain record stands for inputs by name. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function inputOf(input: ModelInput, value: unknown): InferInput {
  return checkedInput(input, InferInput.isInferInput(value) ? value : convertedInput(input, value));
}

function convertedInput(input: ModelInput, value: unknown): InferInput {
  try {
    const array = arrayOf(input, value);
    return NdArray.isNdArray(array) ? InferInput.of(input.name, array) : InferInput.fromTensor(autoContainer.toTritonHttpPayload(array, input));
  } catch (error) {
    if (!isBentoMLError(error)) throw error;
    throw new InvalidArgumentError(`Input "${input.name}" wants ${input.datatype} [${input.shape.join(", ")}]: ${error.message}`, { cause: error });
  }
}

function checkedInput(wanted: ModelInput, given: InferInput): InferInput {
  const fits = given.shape.length === wanted.shape.length && wanted.shape.every((dim, index) => dim === -1 || dim === given.shape[index]);
  if (given.name === wanted.name && given.datatype === wanted.datatype && fits) return given;
  const name = given.name === wanted.name ? "" : `the InferInput "${given.name}", `;
  throw new InvalidArgumentError(
    `Input "${wanted.name}" wants ${wanted.datatype} [${wanted.shape.join(", ")}] (-1: any size), but was given ${name}${given.datatype} [${given.shape.join(", ")}].`,
  );
}

/** What is no array of any kind is left to its container. */
function arrayOf(input: ModelInput, value: unknown): unknown {
  const dtype = dtypeOfDatatype(input.datatype);
  if (dtype === undefined) throw new InvalidArgumentError(`This client does not know its datatype.`);
  if (NdArray.isNdArray(value)) return value.cast(dtype);
  if (hasToNdArray(value)) return value.toNdArray().cast(dtype);
  if (ArrayBuffer.isView(value)) return shaped(input, NdArray.from(value, dtype));
  return isPlain(value) ? NdArray.from(value, dtype satisfies Dtype) : value;
}

/** A typed array has no shape: it gets the input's, where one of its dims at most is open. */
function shaped({ shape }: ModelInput, flat: NdArray): NdArray {
  return shape.filter((dim) => dim === -1).length <= 1 && shape.length > 0 ? flat.reshape(shape) : flat;
}

function isPlain(value: unknown): boolean {
  return Array.isArray(value) || ["number", "bigint", "boolean", "string"].includes(typeof value);
}

function hasToNdArray(value: unknown): value is { toNdArray(): NdArray } {
  return typeof value === "object" && value !== null && typeof (value as { toNdArray?: unknown }).toNdArray === "function";
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "(none)" : names.map((name) => `"${name}"`).join(", ");
}
