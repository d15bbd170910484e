import type { NdArray} from "bentoml-core";
import { InvalidArgumentError, InvalidModelError, Params, type ModelSignature, type StoredModel, type TensorSpec } from "bentoml-core";
import { checkShapes } from "./check-shapes.js";
import { toInputArray } from "./input-array.js";
import { isTfTensor } from "./tensor.js";

/**
 * Turns a call's arguments into one record of arrays by input name, in the order of the model's inputs, and checks names, dtypes and
 * shapes. Runs in the caller's thread; loads no TensorFlow.
 *
 * @throws InvalidArgumentError that names the input, what it wants and what it was given.
 */
export function prepare(params: Params, { inputSpec }: ModelSignature, methodName: string, { tag }: Pick<StoredModel, "tag">): Params {
  if (inputSpec === undefined) throw new InvalidModelError(`The model.yaml of ${tag.toString()} does not say the inputs of "${methodName}": save it again.`);
  const values = valuesByName(params, inputSpec);
  const arrays = inputSpec.map((input) => toInputArray(input, values.get(input.name)));
  checkShapes(inputSpec, arrays);
  return new Params([Object.fromEntries(inputSpec.map(({ name }, index) => [name, arrays[index] as NdArray]))]);
}

/** One positional argument per input, or one record by name, or keywords; keywords may follow positional arguments. */
function valuesByName({ args, kwargs }: Params, inputs: readonly TensorSpec[]): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  const [first] = args;
  if (args.length === 1 && isRecord(first)) {
    for (const [name, value] of Object.entries(first)) values.set(name, value);
  } else {
    if (args.length > inputs.length) throw new InvalidArgumentError(`${args.length} arguments were given, but the model has ${inputs.length} inputs: ${list(inputs.map(({ name }) => name))}.`);
    for (const [index, value] of args.entries()) values.set((inputs[index] as TensorSpec).name, value);
  }
  for (const [name, value] of Object.entries(kwargs)) {
    if (values.has(name)) throw new InvalidArgumentError(`Input "${name}" was given twice, by place and by name.`);
    values.set(name, value);
  }
  checkNames(values, inputs.map(({ name }) => name));
  return values;
}

/** A plain object that is no value itself. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || isTfTensor(value) || "toNdArray" in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function checkNames(values: ReadonlyMap<string, unknown>, names: readonly string[]): void {
  const unknown = [...values.keys()].filter((name) => !names.includes(name));
  const missing = names.filter((name) => values.get(name) === undefined);
  if (unknown.length === 0 && missing.length === 0) return;
  const faults = [...(missing.length === 0 ? [] : [`missing: ${list(missing)}`]), ...(unknown.length === 0 ? [] : [`unknown: ${list(unknown)}`])];
  throw new InvalidArgumentError(`The inputs of the model are ${list(names)}; ${faults.join("; ")}.`);
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "(none)" : names.map((name) => `"${name}"`).join(", ");
}
