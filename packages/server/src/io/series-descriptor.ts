import { InvalidArgumentError } from "bentoml-core";
import type { DescribedBody, IoDescriptor, JsonSchema, PartDescriptor, ReceivedContent, WrittenContent } from "./descriptor.js";
import { JSON_TYPES } from "./json-descriptor.js";
import { jsonText } from "./json-text.js";
import { cellSchema, checkedColumn, rulesOf, sampleCell, type Cell, type CellOf, type ColumnKind } from "./table-columns.js";
import { isRecord, type TableOrient } from "./table-json.js";
import { jsonOf, textOf } from "./text-bytes.js";

/** What `io.series` takes. */
export interface SeriesOptions<Kind extends ColumnKind = ColumnKind> {
  /** How a series is written in JSON: "records" is a list. Default "records". */
  readonly orient?: TableOrient;
  /** What its values are. Default: any plain values. */
  readonly kind?: Kind;
}

/** A series to send: a list, a typed array, or a Series of danfo. */
export type SeriesToSend = ArrayLike<unknown> | { readonly values: readonly unknown[]; readonly index?: readonly (string | number)[]; readonly columns?: readonly string[] };

/** One column in JSON. */
export class SeriesDescriptor<Kind extends ColumnKind> implements IoDescriptor<readonly CellOf<Kind>[], SeriesToSend>, PartDescriptor<SeriesToSend> {
  readonly kind: string = "Series";
  readonly mediaTypes: readonly string[] = JSON_TYPES;
  readonly requestBody: DescribedBody;
  readonly responseBody: DescribedBody;
  readonly #orient: TableOrient;
  readonly #kind: Kind | undefined;

  constructor({ orient = "records", kind }: SeriesOptions<Kind>) {
    rulesOf(kind === undefined ? undefined : { values: kind });
    this.#orient = orient;
    this.#kind = kind;
    this.requestBody = { "application/json": { schema: seriesSchema(orient, kind), example: orientedSeries([sampleCell(kind)], orient, {}) } };
    this.responseBody = this.requestBody;
  }

  read(content: ReceivedContent): readonly CellOf<Kind>[] {
    const values = valuesOf(jsonOf(textOf(content)), this.#orient);
    return checkedColumn(values, "the series", this.#kind) as readonly CellOf<Kind>[];
  }

  write(value: SeriesToSend): WrittenContent {
    const { values, index, columns } = (Array.isArray(value) || ArrayBuffer.isView(value) ? { values: Array.from(value as ArrayLike<unknown>) } : value) as { values?: unknown; index?: unknown[]; columns?: string[] };
    if (!Array.isArray(values)) throw new TypeError("the answer must be a list, a typed array, or a Series");
    return { mediaType: "application/json", body: jsonText(orientedSeries(values as readonly unknown[], this.#orient, { index, name: columns?.[0] })) };
  }
}

function valuesOf(value: unknown, orient: TableOrient): readonly unknown[] {
  if (orient === "records" && Array.isArray(value)) return value as readonly unknown[];
  if (orient === "columns" && isRecord(value)) return Object.values(value);
  if (orient === "split" && isRecord(value) && Array.isArray(value["data"])) return value["data"] as readonly unknown[];
  const expected = { records: "a list, such as [1, 2]", columns: 'a record by row label, such as {"0": 1, "1": 2}', split: 'as {"data": [1, 2]}' };
  throw new InvalidArgumentError(`the series must be ${expected[orient]}`);
}

interface SeriesLabels {
  readonly index?: readonly unknown[] | undefined;
  readonly name?: string | undefined;
}

function orientedSeries(values: readonly unknown[] | readonly Cell[], orient: TableOrient, { index, name }: SeriesLabels): unknown {
  if (orient === "records") return values;
  const labels = index ?? values.map((_, row) => row);
  if (orient === "columns") return Object.fromEntries(labels.map((label, row) => [String(label), values[row]]));
  return { name: name ?? null, index: labels, data: values };
}

function seriesSchema(orient: TableOrient, kind: ColumnKind | undefined): JsonSchema {
  const list = { type: "array", items: cellSchema(kind) };
  if (orient === "records") return list;
  if (orient === "columns") return { type: "object", additionalProperties: cellSchema(kind) };
  return { type: "object", required: ["data"], properties: { name: { type: ["string", "null"] }, index: { type: "array" }, data: list } };
}
