import { InvalidArgumentError, NdArray, Params, type ModelSignature } from "bentoml-core";
import { Rows } from "./rows.js";

/**
 * Checks and converts the arguments of a call in the caller's thread, so that a wrong one never reaches a batch.
 *
 * @throws InvalidArgumentError that names the input, what it must be, and what was given.
 */
export function prepare({ args, kwargs }: Params, { inputSpec = [] }: ModelSignature): Params {
  const [{ name = "rows", shape = [] } = {}] = inputSpec;
  // Servers give a record of arrays by input name; it is read as keywords are.
  const byName = args.length === 1 && isRecord(args[0]) ? args[0] : kwargs;
  const extra = Object.keys(byName).find((key) => key !== name);
  if (extra !== undefined) throw new InvalidArgumentError(`The model has no input "${extra}": it has 1 input, "${name}".`);
  const given = [...(byName === args[0] ? [] : args), ...Object.values(byName)];
  if (given.length > 1) throw new InvalidArgumentError(`The model has 1 input, "${name}", but ${given.length} were given.`);
  if (given.length === 0) throw new InvalidArgumentError(`The input "${name}" is missing.`);
  return new Params([checkedRows(name, given[0], Number(shape[1]))]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function checkedRows(name: string, value: unknown, columns: number): NdArray {
  const rows = value instanceof Rows ? value.values : Array.isArray(value) ? NdArray.from(value as number[][], "float32") : value;
  if (!NdArray.isNdArray(rows) || rows.dtype !== "float32") {
    const given = NdArray.isNdArray(rows) ? rows.dtype : typeof rows;
    throw new InvalidArgumentError(`The input "${name}" must be float32 numbers in rows, but ${given} was given.`);
  }
  if (rows.shape.length !== 2 || rows.shape[1] !== columns) {
    throw new InvalidArgumentError(`The input "${name}" must have the shape [batch, ${columns}], but [${rows.shape.join(", ")}] was given.`);
  }
  return rows;
}
