import { RecordReader } from "./record-reader.js";
import { isCategory, checkCategoryList } from "./category.js";
import type { CategoryLists, FillValues, MinMaxScaler, OneHotEncoder, OrdinalEncoder, PipelineOutput, PipelineRecipe, SelectColumns, StandardScaler, Step } from "./steps.js";

const outputs = ["float32", "float64", "dataframe"] as const satisfies readonly PipelineOutput[];
const kinds = ["select", "fill", "standardScaler", "minMaxScaler", "oneHot", "ordinal"] as const satisfies readonly Step["kind"][];

/**
 * A recipe with what was left out filled in; the columns of its steps are seen to by `fit`.
 *
 * @throws InvalidArgumentError that names the field's path, its value and what is allowed.
 */
export function checkRecipe(recipe: unknown): Required<PipelineRecipe> {
  const reader = RecordReader.of(recipe, "recipe");
  const checked = { steps: reader.list("steps", checkStep), output: readOutput(reader) };
  reader.end();
  return checked;
}

/** The field `output` of a recipe or of a stored pipeline. */
export function readOutput(reader: RecordReader): PipelineOutput {
  return reader.oneOf("output", outputs, "float32");
}

export function readKind(reader: RecordReader): Step["kind"] {
  return reader.oneOf("kind", kinds);
}

function checkStep(value: unknown, path: string): Step {
  const reader = RecordReader.of(value, path);
  const step = readStep(reader);
  reader.end();
  return step;
}

function readStep(reader: RecordReader): Step {
  const kind = readKind(reader);
  const columns = reader.names("columns");
  const some = columns === undefined ? {} : { columns };
  switch (kind) {
    case "select":
      if (columns === undefined) throw reader.wrong("columns", "a list of names of columns, none twice");
      return { kind, columns } satisfies SelectColumns;
    case "fill":
      return { kind, ...some, ...readFilling(reader) } satisfies FillValues;
    case "standardScaler":
      return { kind, ...some, withMean: reader.boolean("withMean", true), withStd: reader.boolean("withStd", true) } satisfies StandardScaler;
    case "minMaxScaler":
      return { kind, ...some, range: reader.range("range") ?? [0, 1], clip: reader.boolean("clip", false) } satisfies MinMaxScaler;
    case "oneHot":
      return { kind, ...some, ...readCategories(reader), unknown: reader.oneOf("unknown", ["error", "ignore"], "error") } satisfies OneHotEncoder;
    case "ordinal":
      return { kind, ...some, ...readCategories(reader), unknown: readUnknownNumber(reader) } satisfies OrdinalEncoder;
  }
}

function readFilling(reader: RecordReader): Pick<FillValues, "strategy" | "value"> {
  const value = reader.get("value");
  if (value === undefined) return { strategy: reader.oneOf("strategy", ["mean", "median", "mostFrequent"], "mean") };
  if (reader.has("strategy")) throw reader.wrong("strategy", "left out where there is a value");
  if (isCategory(value) && value !== null) return { value };
  throw reader.wrong("value", "a finite number, text, or true or false");
}

/** Of an ordinal encoder, a recipe's or a stored one. */
export function readUnknownNumber(reader: RecordReader): "error" | number {
  const value = reader.get("unknown") ?? "error";
  if (value === "error" || (typeof value === "number" && Number.isFinite(value))) return value;
  throw reader.wrong("unknown", '"error" or a finite number');
}

function readCategories(reader: RecordReader): { readonly categories?: CategoryLists } {
  const value = reader.get("categories");
  if (value === undefined) return {};
  const lists = RecordReader.of(value, reader.pathOf("categories"));
  const read = Object.keys(value as object).map((column) => [column, checkCategoryList(lists, column)] as const);
  return { categories: Object.fromEntries(read) };
}
