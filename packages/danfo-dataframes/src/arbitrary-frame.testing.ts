import fc from "fast-check";
import { Column, someMissing } from "./column.js";
import { allocateColumn, columnDtypes, type ColumnData, type ColumnDtype } from "./column-dtype.js";
import { DataFrame } from "./data-frame.js";
import { makeTable, type RowLabel, type Table } from "./table.js";

/** A value as a column of the dtype keeps it. */
const elements: Readonly<Record<ColumnDtype, fc.Arbitrary<number | bigint | string>>> = {
  bool: fc.integer({ min: 0, max: 1 }),
  int8: fc.integer({ min: -128, max: 127 }),
  int16: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
  int32: fc.integer(),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  uint8: fc.integer({ min: 0, max: 255 }),
  uint16: fc.integer({ min: 0, max: 2 ** 16 - 1 }),
  uint32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  uint64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  float32: fc.float(),
  float64: fc.double(),
  string: fc.string({ unit: "binary" }),
  datetime: fc.integer({ min: -8.64e15, max: 8.64e15 }),
};

/** A column of so many rows, some of which may be missing. */
export function arbitraryColumn(dtype: ColumnDtype, rows: number): fc.Arbitrary<Column> {
  const cells = fc.array(fc.tuple(elements[dtype], fc.boolean()), { minLength: rows, maxLength: rows });
  return fc.tuple(cells, fc.boolean()).map(([list, isWhole]) => {
    const data = allocateColumn(dtype, rows) as (number | bigint | string)[];
    const missing = new Uint8Array(rows);
    for (const [row, [value, isMissing]] of list.entries()) {
      if (isMissing && !isWhole) missing[row] = 1;
      else data[row] = value;
    }
    return new Column(dtype, data as ColumnData, someMissing(missing));
  });
}

const label: fc.Arbitrary<RowLabel> = fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(9));

function arbitraryTable(names: readonly string[], dtypes: readonly ColumnDtype[], rows: number): fc.Arbitrary<Table> {
  const columns = fc.tuple(...dtypes.map((dtype) => arbitraryColumn(dtype, rows)));
  const index = fc.option(fc.array(label, { minLength: rows, maxLength: rows }), { nil: undefined });
  return fc.tuple(columns, index).map(([made, labels]) => makeTable(names, made, labels));
}

/** Columns of every dtype that there may be, 1 to 6 of them. */
const arbitrarySchema = fc
  .uniqueArray(fc.string(), { minLength: 1, maxLength: 6 })
  .chain((names) => fc.tuple(fc.constant(names), fc.array(fc.constantFrom(...columnDtypes), { minLength: names.length, maxLength: names.length })));

/** 1 to 5 frames with the same columns, each of 0 to 9 rows. */
export const arbitraryFrames: fc.Arbitrary<DataFrame[]> = arbitrarySchema.chain(([names, dtypes]) =>
  fc.array(fc.nat(9).chain((rows) => arbitraryTable(names, dtypes, rows)).map((table) => new DataFrame(table)), { minLength: 1, maxLength: 5 }),
);
