import { InvalidArgumentError, NdArray, Params, isNamedTensors, type ModelSignature, type NamedTensors, type StoredModel } from "bentoml-core";
import { Column } from "./column.js";
import { dtypeOfNumbers, isColumnDtype } from "./column-dtype.js";
import { DataFrame, type DataFrameInput } from "./data-frame.js";
import { readColumn } from "./read-column.js";
import { pipelineOf } from "./stored-pipeline.js";
import { makeTable } from "./table.js";
import type { FittedPipeline } from "./transforms/fitted-pipeline.js";

/**
 * Turns a call's argument into a frame of the columns that the pipeline reads, and refuses what can be told without computing. Runs
 * in the caller's thread.
 *
 * @throws InvalidArgumentError that names the argument or the column.
 */
export function prepare(params: Params, _signature: ModelSignature, _methodName: string, model: StoredModel): Params {
  const pipeline = pipelineOf(model);
  const value = onlyValue(params, pipeline);
  return new Params([pipeline.inputsOf(isNamedTensors(value) ? frameOfTensors(value) : (value as DataFrameInput))]);
}

/** The only argument by position, by its name, or as columns by theirs. */
function onlyValue({ args, kwargs }: Params, { fitted }: FittedPipeline): unknown {
  const names = Object.keys(kwargs);
  const areColumns = args.length === 0 && names.length > 0 && names.every((name) => fitted.inputs.some((input) => input.name === name));
  if (areColumns) return kwargs;
  if (args.length === 1 && names.length === 0) return checkedValue(args[0]);
  if (args.length === 0 && names.length === 1 && names[0] === "frame") return checkedValue(kwargs["frame"]);
  throw new InvalidArgumentError(
    `The method takes 1 argument, "frame", or the columns ${fitted.inputs.map(({ name }) => JSON.stringify(name)).join(", ")} by name; it was given ${args.length} by position` +
      `${names.length === 0 ? "" : ` and ${names.map((name) => JSON.stringify(name)).join(", ")} by name`}.`,
  );
}

function checkedValue(value: unknown): unknown {
  if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value) && !NdArray.isNdArray(value)) return value;
  const what = NdArray.isNdArray(value) ? "an array without names of columns" : value === null ? "null" : `of type ${typeof value}`;
  throw new InvalidArgumentError(`"frame" is ${what}: pass a DataFrame of danfo or of this package, a list of records, or a record of columns.`);
}

/** A column for each tensor of one dim, or of a second dim of 1, as servers of the Open Inference Protocol have them. */
function frameOfTensors(tensors: NamedTensors): DataFrame {
  const names = Object.keys(tensors);
  const columns = names.map((name) => columnOfTensor(tensors[name] as NdArray, name));
  return new DataFrame(makeTable(names, columns));
}

function columnOfTensor({ dtype, shape, data }: NdArray, name: string): Column {
  if (shape.length !== 1 && !(shape.length === 2 && shape[1] === 1)) {
    throw new InvalidArgumentError(`Column "${name}" is an array of shape [${shape.join(", ")}]: a column has one dim, or a second one of 1.`);
  }
  if (dtype === "string") return readColumn(data, name);
  if (dtype === "bool") return new Column("bool", (data as Uint8Array).slice(), undefined);
  if (isColumnDtype(dtype) && dtypeOfNumbers(data) === dtype) return readColumn(data, name);
  throw new InvalidArgumentError(`Column "${name}" is an array of dtype ${dtype}: cast it to float32 first.`);
}
