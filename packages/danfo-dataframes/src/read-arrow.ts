import { DataType, Precision, TimeUnit, tableFromIPC, type Data, type Field, type RecordBatch } from "apache-arrow";
import { InvalidArgumentError, isBentoMLError } from "bentoml-core";
import { checkArrowStream } from "./check-arrow-stream.js";
import { Column, concatColumns, someMissing } from "./column.js";
import { isColumnDtype, type ColumnData, type ColumnDtype } from "./column-dtype.js";
import { checkOrigins } from "./origins.js";
import { makeTable, type RowLabel, type Table } from "./table.js";
import { INDEX_KEY, ORIGINS_KEY, UNNAMED_KEY } from "./write-arrow.js";

/** Before and after 1970 that a Date can be (ECMA-262, 21.4.1.1). */
const MOST_MILLISECONDS = 8.64e15;

/**
 * The table in an Arrow IPC stream. Trusts nothing: the bytes may come from a stranger. Numbers are views on the bytes where
 * their address allows it.
 *
 * @throws InvalidArgumentError for bytes that are damaged, and for types that no column holds, with the column's name.
 */
export function readArrow(bytes: Uint8Array): Table {
  try {
    return readTable(bytes);
  } catch (cause) {
    if (isBentoMLError(cause)) throw cause;
    throw damaged(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function readTable(bytes: Uint8Array): Table {
  checkArrowStream(bytes);
  const { batches, schema } = tableFromIPC(bytes);
  const fields: readonly Field<DataType>[] = schema.fields;
  const names = fields.map(({ name, metadata }) => (metadata.has(UNNAMED_KEY) ? "" : name));
  const columns = fields.map(({ type }, place) => {
    const name = names[place] as string;
    const parts = batches.map((batch) => readData(partOf(batch, place), name));
    return parts.length === 1 ? (parts[0] as Column) : concatColumns([...parts, emptyColumn(type, name)], name);
  });
  const form = schema.metadata.get(INDEX_KEY);
  const index = form === undefined ? undefined : labelsIn(columns.pop(), form);
  const table = makeTable(names.slice(0, columns.length), columns, index);
  const origins = schema.metadata.get(ORIGINS_KEY);
  return origins === undefined ? table : { ...table, origins: checkOrigins(JSON.parse(origins), table.rows) };
}

function partOf({ data, numRows }: RecordBatch, place: number): Data {
  const part: Data | undefined = data.children[place];
  if (part?.length !== numRows) throw damaged(`column ${place} has ${String(part?.length)} of ${numRows} rows`);
  return part;
}

function labelsIn(column: Column | undefined, form: string): RowLabel[] {
  if (column === undefined) throw damaged("it names an index and has no column");
  const values = column.toArray();
  return (form === "json" ? values.map((value): unknown => JSON.parse(String(value))) : values) as RowLabel[];
}

function emptyColumn(type: DataType, name: string): Column {
  const dtype = dtypeOf(type, name);
  return new Column(dtype, dtype === "string" ? [] : dtype.endsWith("int64") ? dataOfNothing[dtype as "int64" | "uint64"] : new Float64Array(0), undefined);
}

const dataOfNothing = { int64: new BigInt64Array(0), uint64: new BigUint64Array(0) };

function readData(data: Data, name: string): Column {
  checkLength(data.length, name);
  const missing = readMissing(data, name);
  if (DataType.isDictionary(data.type)) return readDictionary(data, missing, name);
  const dtype = dtypeOf(data.type, name);
  return new Column(dtype, dtype === "datetime" ? readDates(data, missing, name) : valuesOf(data, dtype, name), missing);
}

/** Text with few values, such as categories of pandas. */
function readDictionary(data: Data, missing: Uint8Array | undefined, name: string): Column {
  const chunks = (data.dictionary?.data ?? []) as readonly Data<DataType>[];
  const known = concatColumns([...chunks.map((chunk) => readData(chunk, name)), new Column("string", [], undefined)], name);
  const keys = elements(data, name);
  const texts = Array.from({ length: data.length }, (_, row) => {
    if (missing?.[row] === 1) return "";
    const text = known.at(Number(keys[row]));
    if (typeof text === "string") return text;
    throw damaged(`row ${row} of column "${name}" has no entry in its dictionary`);
  });
  return new Column("string", texts, missing);
}

function dtypeOf(type: DataType, name: string): ColumnDtype {
  if (DataType.isBool(type)) return "bool";
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return "string";
  if (DataType.isInt(type)) {
    const dtype = `${type.isSigned ? "int" : "uint"}${type.bitWidth}`;
    if (isColumnDtype(dtype)) return dtype;
  }
  if (DataType.isFloat(type) && type.precision !== Precision.HALF) return type.precision === Precision.SINGLE ? "float32" : "float64";
  if (DataType.isTimestamp(type) && (type.unit === TimeUnit.SECOND || type.unit === TimeUnit.MILLISECOND)) return "datetime";
  if (DataType.isDictionary(type)) return dtypeOf(type.dictionary as DataType, name);
  throw new InvalidArgumentError(
    `Column "${name}" is of the Arrow type ${(type as { toString(): string }).toString()}, which no column holds: cast it to integers, float32, float64, bool, utf8 or timestamp[ms] first.`,
  );
}

function valuesOf(data: Data, dtype: ColumnDtype, name: string): ColumnData {
  if (dtype === "string") return readTexts(data, name);
  if (dtype === "bool") return readBits(data.values as Uint8Array, data.offset, data.length, 1, name);
  return elements(data, name);
}

function readDates(data: Data, missing: Uint8Array | undefined, name: string): Float64Array {
  const perUnit = DataType.isTimestamp(data.type) && data.type.unit === TimeUnit.SECOND ? 1000 : 1;
  return Float64Array.from(elements(data, name) as BigInt64Array, (value, row) => {
    const milliseconds = missing?.[row] === 1 ? 0 : Number(value) * perUnit;
    if (Math.abs(milliseconds) <= MOST_MILLISECONDS) return milliseconds;
    throw damaged(`row ${row} of column "${name}" is no time that a Date can be`);
  });
}

/** The numbers of the rows. */
function elements(data: Data, name: string): Exclude<ColumnData, string[]> {
  const values = data.values as Float64Array;
  if (!ArrayBuffer.isView(values) || values.length < data.length) throw tooShort(name);
  return values.subarray(0, data.length);
}

function readTexts(data: Data, name: string): string[] {
  const offsets = data.valueOffsets as Int32Array | BigInt64Array;
  const { buffer, byteOffset, byteLength } = data.values as Uint8Array;
  if (data.length === 0) return [];
  if (offsets.length <= data.length) throw tooShort(name);
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  return Array.from({ length: data.length }, (_, row) => {
    const [start, end] = [Number(offsets[row]), Number(offsets[row + 1])];
    if (!(start >= 0 && end >= start && end <= byteLength)) throw damaged(`row ${row} of column "${name}" lies outside of its text`);
    return bytes.toString("utf8", start, end);
  });
}

function readMissing({ nullBitmap, nullCount, offset, length }: Data, name: string): Uint8Array | undefined {
  if (nullCount === 0 || nullBitmap.length === 0) return undefined;
  return someMissing(readBits(nullBitmap, offset, length, 0, name));
}

/** A byte for each bit, 1 where the bit is `wanted`. */
function readBits(bits: Uint8Array, offset: number, length: number, wanted: 0 | 1, name: string): Uint8Array {
  if (bits.length * 8 < offset + length) throw tooShort(name);
  const bytes = new Uint8Array(length);
  for (let row = 0; row < length; row++) {
    const place = offset + row;
    bytes[row] = (((bits[place >> 3] as number) >> (place & 7)) & 1) === wanted ? 1 : 0;
  }
  return bytes;
}

function checkLength(length: number, name: string): void {
  if (!Number.isSafeInteger(length) || length < 0) throw damaged(`column "${name}" has ${length} rows`);
}

function tooShort(name: string): InvalidArgumentError {
  return damaged(`column "${name}" has fewer values than rows`);
}

function damaged(reason: string, cause?: unknown): InvalidArgumentError {
  return new InvalidArgumentError(`The bytes are no Arrow IPC stream that can be read: ${reason}. Send what toArrow() or pyarrow wrote, whole and uncompressed.`, { cause });
}
