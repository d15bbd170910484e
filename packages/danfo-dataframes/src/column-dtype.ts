import { allocate, bytesPerElement, viewOf, type Dtype } from "bentoml-core";

/** What a column may hold. `datetime` is a `Date`, in whole milliseconds since 1970. */
export type ColumnDtype =
  | "bool"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "float32"
  | "float64"
  | "string"
  | "datetime";

export const columnDtypes: readonly ColumnDtype[] = [
  "bool",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "float32",
  "float64",
  "string",
  "datetime",
];

/** One value of a column. Null where there is none; int64 and uint64 are bigints. */
export type CellValue = boolean | number | bigint | string | Date | null;

/** The values of a column, one after the other: bools are 0 and 1, datetimes milliseconds; what stands for a null has no meaning. */
export type ColumnData =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array
  | string[];

/** Zeros, or empty texts. */
export function allocateColumn(dtype: ColumnDtype, length: number): ColumnData {
  return allocate(storedAs(dtype), length);
}

/** How many bytes so many values take: none for texts, which are not in memory of this kind. */
export function bytesOfColumn(dtype: ColumnDtype, length: number): number {
  return bytesPerElement(storedAs(dtype)) * length;
}

/** Values of a dtype other than string that lie in the memory already. */
export function columnIn(memory: ArrayBufferLike, byteOffset: number, dtype: Exclude<ColumnDtype, "string">, length: number): ColumnData {
  return viewOf(storedAs(dtype), memory, byteOffset, length);
}

/** The dtype of an array that holds the same. */
function storedAs(dtype: ColumnDtype): Dtype {
  return dtype === "datetime" ? "float64" : dtype;
}

export function isColumnDtype(value: unknown): value is ColumnDtype {
  return columnDtypes.includes(value as ColumnDtype);
}

/** Whether values are numbers, so that they can be computed with; bools are not. */
export function isNumeric(dtype: ColumnDtype): boolean {
  return dtype !== "bool" && dtype !== "string" && dtype !== "datetime";
}

/** The dtype of a typed array's numbers; undefined for what is no typed array of numbers. */
export function dtypeOfNumbers(value: unknown): ColumnDtype | undefined {
  if (!ArrayBuffer.isView(value)) return undefined;
  const name = value.constructor.name;
  return name === "Buffer" ? "uint8" : dtypesOfArrays[name];
}

const dtypesOfArrays: Readonly<Partial<Record<string, ColumnDtype>>> = {
  Int8Array: "int8",
  Int16Array: "int16",
  Int32Array: "int32",
  BigInt64Array: "int64",
  Uint8Array: "uint8",
  Uint8ClampedArray: "uint8",
  Uint16Array: "uint16",
  Uint32Array: "uint32",
  BigUint64Array: "uint64",
  Float32Array: "float32",
  Float64Array: "float64",
};
