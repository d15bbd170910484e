import {
  Bool,
  Field,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  TimestampMillisecond,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
  makeData,
  type Data,
  type DataType,
} from "apache-arrow";
import { InvalidArgumentError } from "bentoml-core";
import type { Column } from "./column.js";
import type { ColumnDtype } from "./column-dtype.js";
import { readColumn } from "./read-column.js";
import type { RowLabel, Table } from "./table.js";

/** Key of a field's metadata, of a column called "": Arrow's readers take an empty name for none. */
export const UNNAMED_KEY = "bentoml.unnamed";
/** Key of the schema's metadata: whose rows they are, on the way between threads. */
export const ORIGINS_KEY = "bentoml.origins";
/** Key of the schema's metadata: what the last column has, when it is the index. */
export const INDEX_KEY = "bentoml.index";
/** How the labels of an index are kept: numbers, text, or, where both occur, as JSON. */
export type IndexForm = "numbers" | "text" | "json";

/** As pandas calls it. */
const INDEX_NAME = "__index_level_0__";

/** Characters of a string column are counted by int32. */
const MOST_BYTES = 2 ** 31 - 1;

const numberTypes = {
  int8: () => new Int8(),
  int16: () => new Int16(),
  int32: () => new Int32(),
  int64: () => new Int64(),
  uint8: () => new Uint8(),
  uint16: () => new Uint16(),
  uint32: () => new Uint32(),
  uint64: () => new Uint64(),
  float32: () => new Float32(),
  float64: () => new Float64(),
} satisfies Partial<Record<ColumnDtype, () => DataType>>;

/** The table as an Arrow IPC stream of one record batch. The index is its last column, unless it is the rows' numbers. */
export function writeArrow(table: Table): Uint8Array {
  const index = table.index === undefined ? undefined : indexColumn(table.index);
  const columns = index === undefined ? table.columns : [...table.columns, index.column];
  const names = index === undefined ? table.names : [...table.names, freeName(table.names)];
  const children = columns.map((column, place) => dataOf(column, names[place] as string));
  const fields = children.map(({ type }, place) => {
    const name = names[place] as string;
    return new Field(name, type, true, name === "" ? new Map([[UNNAMED_KEY, "true"]]) : undefined);
  });
  const metadata = new Map<string, string>();
  if (index !== undefined) metadata.set(INDEX_KEY, index.form);
  if (table.origins !== undefined) metadata.set(ORIGINS_KEY, JSON.stringify(table.origins));
  const schema = new Schema(fields, metadata);
  const writer = new RecordBatchStreamWriter();
  writer.write(new RecordBatch(schema, makeData({ type: new Struct(fields), length: table.rows, nullCount: 0, children })));
  writer.finish();
  return writer.toUint8Array(true);
}

function freeName(names: readonly string[]): string {
  let name = INDEX_NAME;
  while (names.includes(name)) name += "_";
  return name;
}

function indexColumn(labels: readonly RowLabel[]): { readonly column: Column; readonly form: IndexForm } {
  const numbers = labels.filter((label) => typeof label === "number").length;
  const form = numbers === labels.length ? "numbers" : numbers === 0 ? "text" : "json";
  const values = form === "json" ? labels.map((label) => JSON.stringify(label)) : labels;
  return { column: readColumn(values, INDEX_NAME), form };
}

function dataOf({ dtype, data, missing, length }: Column, name: string): Data<DataType> {
  const nulls = missing === undefined ? { nullCount: 0 } : validity(missing);
  switch (dtype) {
    case "string":
      return makeData({ type: new Utf8(), length, ...nulls, ...encodedText(data as string[], name) });
    case "bool":
      return makeData({ type: new Bool(), length, ...nulls, data: packedBits(data as Uint8Array, 1) });
    case "datetime":
      return makeData({ type: new TimestampMillisecond(), length, ...nulls, data: BigInt64Array.from(data as Float64Array, BigInt) });
    default:
      // Each type takes its own class of array, which Column holds to.
      return makeData<DataType>({ type: numberTypes[dtype](), length, ...nulls, data } as never);
  }
}

function validity(missing: Uint8Array): { readonly nullCount: number; readonly nullBitmap: Uint8Array } {
  return { nullCount: missing.reduce((sum, flag) => sum + flag, 0), nullBitmap: packedBits(missing, 0) };
}

/** A bit for each byte, set where the byte is `wanted`; the least first. */
function packedBits(bytes: Uint8Array, wanted: 0 | 1): Uint8Array {
  const bits = new Uint8Array(Math.ceil(bytes.length / 8));
  for (let row = 0; row < bytes.length; row++) if (bytes[row] === wanted) bits[row >> 3]! |= 1 << (row & 7);
  return bits;
}

function encodedText(texts: readonly string[], name: string): { readonly valueOffsets: Int32Array; readonly data: Uint8Array } {
  const valueOffsets = new Int32Array(texts.length + 1);
  let end = 0;
  for (let row = 0; row < texts.length; row++) {
    end += Buffer.byteLength(texts[row] as string);
    if (end > MOST_BYTES) throw new InvalidArgumentError(`Column "${name}" has more than 2 GiB of text in one frame: send its rows in several calls.`);
    valueOffsets[row + 1] = end;
  }
  const data = Buffer.allocUnsafe(end);
  for (let row = 0; row < texts.length; row++) data.write(texts[row] as string, valueOffsets[row] as number);
  return { valueOffsets, data };
}
