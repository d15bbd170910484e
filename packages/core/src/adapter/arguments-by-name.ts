import type { Params } from "../containers/index.js";
import { InvalidArgumentError } from "../errors/index.js";

/**
 * The values of a call by the names of a model's inputs: one argument for each input in their order, or one record by name, or
 * keywords, which may follow arguments by place.
 *
 * @param isValue True of plain records that are values themselves, such as a framework's tensors; those with a `toNdArray` always are.
 * @throws InvalidArgumentError for too many arguments, an input that was given twice, and names that are missing or unknown.
 */
export function argumentsByName(
  { args, kwargs }: Params,
  names: readonly string[],
  isValue: (record: object) => boolean = () => false,
): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  const [first] = args;
  if (args.length === 1 && isPlainRecord(first) && !hasConversion(first) && !isValue(first)) {
    for (const [name, value] of Object.entries(first)) values.set(name, value);
  } else {
    if (args.length > names.length) throw new InvalidArgumentError(`${args.length} arguments were given, but the model has ${names.length} inputs: ${list(names)}.`);
    for (const [place, value] of args.entries()) values.set(names[place] as string, value);
  }
  for (const [name, value] of Object.entries(kwargs)) {
    if (values.has(name)) throw new InvalidArgumentError(`Input "${name}" was given twice, by place and by name.`);
    values.set(name, value);
  }
  checkNames(values, names);
  return values;
}

function isPlainRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function hasConversion(record: Readonly<Record<string, unknown>>): boolean {
  return typeof record["toNdArray"] === "function";
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
