import { checkCategoryList, isCategory } from "./category.js";
import { readKind, readOutput, readUnknownNumber } from "./check-recipe.js";
import type { FittedRecipe } from "./fitted-pipeline.js";
import type { FittedStep } from "./fitted-steps.js";
import type { PipelineInput } from "./input-columns.js";
import { RecordReader } from "./record-reader.js";

/**
 * A fitted pipeline out of a file. Columns are seen to when it runs.
 *
 * @throws InvalidArgumentError that names the field's path, its value and what is allowed.
 */
export function checkFitted(value: unknown): FittedRecipe {
  const reader = RecordReader.of(value, "pipeline");
  const columns = reader.names("columns");
  if (columns === undefined) throw reader.wrong("columns", "a list of names of columns, none twice");
  const fitted = { inputs: reader.list("inputs", readInput), steps: reader.list("steps", readStep), output: readOutput(reader), columns };
  reader.end();
  return fitted;
}

function readInput(value: unknown, path: string): PipelineInput {
  return readRecord(value, path, (reader) => ({ name: reader.text("name"), kind: reader.oneOf("kind", ["number", "bool", "string", "datetime"]) }));
}

function readStep(value: unknown, path: string): FittedStep {
  return readRecord(value, path, fieldsOfStep);
}

function fieldsOfStep(reader: RecordReader): FittedStep {
  const kind = readKind(reader);
  switch (kind) {
    case "select":
      return { kind, columns: reader.names("columns") ?? [] };
    case "fill":
      return { kind, fitted: readColumns(reader, (column) => ({ value: readFilling(column) })) };
    case "standardScaler":
      return { kind, fitted: readColumns(reader, (column) => ({ mean: column.number("mean"), scale: readScale(column) })) };
    case "minMaxScaler": {
      const clip = reader.range("clip");
      const fitted = readColumns(reader, (column) => ({ scale: readScale(column), offset: column.number("offset") }));
      return { kind, ...(clip === undefined ? {} : { clip }), fitted };
    }
    case "oneHot":
      return { kind, unknown: reader.oneOf("unknown", ["error", "ignore"]), fitted: readCategories(reader) };
    case "ordinal":
      return { kind, unknown: readUnknownNumber(reader), fitted: readCategories(reader) };
  }
}

function readScale(reader: RecordReader): number {
  const scale = reader.number("scale");
  if (scale > 0) return scale;
  throw reader.wrong("scale", "above 0");
}

function readFilling(reader: RecordReader): number | string | boolean {
  const value = reader.get("value");
  if (isCategory(value) && value !== null) return value;
  throw reader.wrong("value", "a finite number, text, or true or false");
}

function readCategories(reader: RecordReader) {
  return readColumns(reader, (column) => ({ categories: checkCategoryList(column, "categories") }));
}

function readColumns<Fitted extends object>(reader: RecordReader, read: (column: RecordReader) => Fitted): ({ readonly column: string } & Fitted)[] {
  return reader.list("fitted", (value, path) => readRecord(value, path, (column) => ({ column: column.text("column"), ...read(column) })));
}

function readRecord<Value>(value: unknown, path: string, read: (reader: RecordReader) => Value): Value {
  const reader = RecordReader.of(value, path);
  const made = read(reader);
  reader.end();
  return made;
}
