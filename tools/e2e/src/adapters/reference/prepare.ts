import { InvalidArgumentError, NdArray, Params, type ModelSignature } from "bentoml-core";
import { WIDTH } from "./linear-model.js";

/** One record of arrays by input name, of arguments by place or by keyword. */
export function prepare(params: Params, signature: ModelSignature): Params {
  const names = namesOf(signature);
  if (isPrepared(params, names)) return params;
  checkNames(params, names);
  const arrays = names.map((name, place) => [name, checkedInput(name, params.args[place] ?? params.kwargs[name])] as const);
  return new Params([Object.fromEntries(arrays)]);
}

export function namesOf({ inputSpec = [] }: ModelSignature): string[] {
  return inputSpec.map(({ name }) => name);
}

function isPrepared({ args: [record], size }: Params, names: readonly string[]): boolean {
  if (size !== 1 || typeof record !== "object" || record === null || NdArray.isNdArray(record) || Array.isArray(record)) return false;
  return names.join() === Object.keys(record).join();
}

function checkNames({ args, kwargs }: Params, names: readonly string[]): void {
  const extra = Object.keys(kwargs).find((name) => !names.includes(name)) ?? (args.length > names.length ? `argument ${names.length}` : undefined);
  if (extra !== undefined) throw new InvalidArgumentError(`The model has no input for "${extra}": its inputs are ${names.join(", ")}.`);
  const missing = names.find((name, place) => (args[place] ?? kwargs[name]) === undefined);
  if (missing !== undefined) throw new InvalidArgumentError(`The input "${missing}" is missing: give all of ${names.join(", ")}.`);
}

function checkedInput(name: string, value: unknown): NdArray {
  const array = Array.isArray(value) ? NdArray.from(value) : value;
  if (!NdArray.isNdArray(array) || array.dtype !== "float32") {
    throw new InvalidArgumentError(`The input "${name}" must be float32, but ${NdArray.isNdArray(array) ? array.dtype : typeof value} was given.`);
  }
  if (array.shape.length === 2 && array.shape[1] === WIDTH) return array;
  throw new InvalidArgumentError(`The input "${name}" must have the shape [batch, ${WIDTH}], but [${array.shape.join(", ")}] was given.`);
}
