import { InvalidArgumentError } from "bentoml-core";
import { cellsOf } from "./csv-cells.js";
import { csvField, csvText } from "./csv-text.js";
import type { DescribedBody, DescribedContent, IoDescriptor, JsonSchema, PartDescriptor, ReceivedContent, WantedContent, WrittenContent } from "./descriptor.js";
import { JSON_TYPES } from "./json-descriptor.js";
import { jsonText } from "./json-text.js";
import { prefers } from "./media-type.js";
import { cellSchema, checkedColumn, rulesOf, sampleCell, type Cell, type CellOf, type ColumnKind, type ColumnRules } from "./table-columns.js";
import { CSV_TYPE, csvColumns } from "./table-csv.js";
import { columnsOf, orientedTable, type RawTable, type TableOrient } from "./table-json.js";
import { jsonOf, textOf } from "./text-bytes.js";

/** What `io.dataframe` takes. */
export interface DataFrameOptions<Columns extends ColumnRules = ColumnRules> {
  /** How tables are written in JSON. Default "records". */
  readonly orient?: TableOrient;
  /** The columns that a table must have, `["height"]` or `{ height: "number" }`; it comes in their order. Default: any. */
  readonly columns?: Columns;
}

/** A list for each column by its name: what `DataFrame.from` of bentoml-danfo-dataframes and its runners take. */
export type Table<Columns extends ColumnRules = ColumnRules> = Columns extends readonly (infer Name extends string)[]
  ? Readonly<Record<Name, readonly Cell[]>>
  : { readonly [Name in keyof Columns]: readonly CellOf<Columns[Name] & ColumnKind>[] };

/** A frame of danfo, or another that looks like it. */
export interface FrameToSend {
  /** Names of the columns. */
  readonly columns: readonly string[];
  /** A label for each row. Default: their numbers from 0. */
  readonly index?: readonly (string | number)[];
  /** A list for each row. */
  readonly values: readonly unknown[];
}

/** A table to send: a frame, a record for each row, or a list for each column. */
export type TableToSend = FrameToSend | readonly Readonly<Record<string, unknown>>[] | Readonly<Record<string, ArrayLike<unknown>>>;

/** A table in JSON or as CSV. */
export class DataFrameDescriptor<Columns extends ColumnRules> implements IoDescriptor<Table<Columns>, TableToSend>, PartDescriptor<TableToSend> {
  readonly kind: string = "DataFrame";
  readonly mediaTypes: readonly string[] = [...JSON_TYPES, CSV_TYPE];
  readonly requestBody: DescribedBody;
  readonly responseBody: DescribedBody;
  readonly #orient: TableOrient;
  readonly #rules: ReadonlyMap<string, ColumnKind | undefined> | undefined;

  constructor({ orient = "records", columns }: DataFrameOptions<Columns>) {
    this.#orient = orient;
    this.#rules = rulesOf(columns);
    const content = { schema: tableSchema(orient, this.#rules), ...(this.#rules === undefined ? {} : { example: exampleTable(orient, this.#rules) }) };
    this.requestBody = { "application/json": content, [CSV_TYPE]: describedCsv(this.#rules) };
    this.responseBody = this.requestBody;
  }

  read(content: ReceivedContent): Table<Columns> | Promise<Table<Columns>> {
    if (content.mediaType?.name === CSV_TYPE) return this.#readCsv(content);
    return this.#checked(this.#inOrder(columnsOf(jsonOf(textOf(content)), this.#orient, this.#rules && [...this.#rules.keys()])));
  }

  async #readCsv(content: ReceivedContent): Promise<Table<Columns>> {
    const texts = this.#inOrder(await csvColumns(content)) as ReadonlyMap<string, readonly string[]>;
    return this.#checked(new Map([...texts].map(([name, column]) => [name, cellsOf(column, this.#rules?.get(name))])));
  }

  #checked(columns: RawTable): Table<Columns> {
    const checked = [...columns].map(([name, values]) => [name, checkedColumn(values, `column "${name}"`, this.#rules?.get(name))] as const);
    return Object.fromEntries(checked) as Table<Columns>;
  }

  write(value: TableToSend, { accept }: WantedContent): WrittenContent {
    const { columns: given, index } = sentTable(value);
    const columns = this.#inOrder(given);
    if (prefers(accept, CSV_TYPE, "application/json")) return { mediaType: `${CSV_TYPE}; charset=utf-8`, body: csvText(columns) };
    return { mediaType: "application/json", body: jsonText(orientedTable(columns, this.#orient, index)) };
  }

  #inOrder(columns: RawTable): RawTable {
    if (this.#rules === undefined) return columns;
    const names = [...this.#rules.keys()];
    // A list of no records has no columns, and is a table of no rows.
    if (columns.size === 0 && this.#orient === "records") return new Map(names.map((name) => [name, []]));
    const missing = names.filter((name) => !columns.has(name));
    const unknown = [...columns.keys()].filter((name) => !names.includes(name));
    if (missing.length > 0 || unknown.length > 0) {
      const given = [...columns.keys()].slice(0, 20).map((name) => name.slice(0, 80));
      throw new InvalidArgumentError(`the table must have the columns ${names.join(", ")}, it has ${given.join(", ") || "none"}`);
    }
    return new Map(names.map((name) => [name, columns.get(name) as readonly unknown[]]));
  }
}

function sentTable(value: unknown): { readonly columns: RawTable; readonly index?: readonly unknown[] | undefined } {
  if (Array.isArray(value)) return { columns: columnsOf(value, "records") };
  if (typeof value !== "object" || value === null) throw new TypeError(`the answer must be a table, it is of type ${typeof value}`);
  const { columns, values, index } = value as Partial<FrameToSend>;
  // A plain record of lists may have columns that are called so.
  const isFrame = Array.isArray(columns) && Array.isArray(values) && Object.getPrototypeOf(value) !== Object.prototype;
  if (!isFrame) return { columns: columnsOf(Object.fromEntries(Object.entries(value).map(([name, list]) => [name, listOf(list)])), "columns") };
  return { columns: columnsOf({ columns, data: values }, "split"), index };
}

function listOf(column: unknown): unknown {
  return ArrayBuffer.isView(column) && !(column instanceof DataView) ? Array.from(column as unknown as ArrayLike<unknown>) : column;
}

function tableSchema(orient: TableOrient, rules: ReadonlyMap<string, ColumnKind | undefined> | undefined): JsonSchema {
  const columns = [...(rules ?? [])];
  const record = (make: (kind: ColumnKind | undefined) => unknown): JsonSchema =>
    rules === undefined
      ? { type: "object", additionalProperties: make(undefined) }
      : { type: "object", properties: Object.fromEntries(columns.map(([name, kind]) => [name, make(kind)])), additionalProperties: false };
  const required = rules === undefined ? {} : { required: columns.map(([name]) => name) };
  if (orient === "records") return { type: "array", items: { ...record(cellSchema), ...required } };
  if (orient === "columns") {
    const column = (kind: ColumnKind | undefined): JsonSchema => ({ anyOf: [{ type: "array", items: cellSchema(kind) }, { type: "object", additionalProperties: cellSchema(kind) }] });
    return { ...record(column), ...required };
  }
  const length = rules === undefined ? {} : { minItems: columns.length, maxItems: columns.length };
  const row = { type: "array", items: cellSchema(undefined), ...length };
  const names = { type: "array", items: { type: "string", ...(rules === undefined ? {} : { enum: [...rules.keys()] }) }, uniqueItems: true, ...length };
  return {
    type: "object",
    required: ["columns", "data"],
    properties: { columns: names, index: { type: "array" }, data: { type: "array", items: row } },
  };
}

function describedCsv(rules: ReadonlyMap<string, ColumnKind | undefined> | undefined): DescribedContent {
  const schema = { type: "string", description: "a line with the names of the columns, then one for each row" };
  const lines = [[...(rules ?? [])].map(([name]) => csvField(name)), [...(rules ?? [])].map(([, kind]) => String(sampleCell(kind)))];
  return { schema, ...(rules === undefined ? {} : { example: `${lines.map((line) => line.join(",")).join("\n")}\n` }) };
}

function exampleTable(orient: TableOrient, rules: ReadonlyMap<string, ColumnKind | undefined>): unknown {
  return orientedTable(new Map([...rules].map(([name, kind]) => [name, [sampleCell(kind)]])), orient, undefined);
}
