import { Column } from "./column.js";

type Rows = readonly (readonly unknown[])[];

/**
 * The columns of frames of nothing but numbers, which are common. Rows are read once, as they lie, into one piece of memory, where
 * each column of a frame ends where that of the next begins.
 *
 * @param width Columns of each frame.
 * @returns A list of columns for each frame; undefined when a cell is no number.
 */
export function readNumberRows(frames: readonly Rows[], width: number): Column[][] | undefined {
  const total = frames.reduce((sum, { length }) => sum + length, 0);
  const data = new Float64Array(total * width);
  let start = 0;
  for (const rows of frames) {
    for (let row = 0; row < rows.length; row++) if (!readRow(rows[row] as readonly unknown[], data, start + row, width, total)) return undefined;
    start += rows.length;
  }
  let end = 0;
  return frames.map(({ length }) => {
    const first = end;
    end += length;
    return Array.from({ length: width }, (_, place) => new Column("float64", data.subarray(place * total + first, place * total + first + length), undefined));
  });
}

/** One column of rows that have others too: in one pass, with no list of its cells between. Undefined when one of them is no number. */
export function readNumbersAt(rows: Rows, place: number): Column | undefined {
  const data = new Float64Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    const value = (rows[row] as readonly unknown[])[place];
    if (typeof value !== "number") return undefined;
    data[row] = value;
  }
  return new Column("float64", data, undefined);
}

function readRow(cells: readonly unknown[], data: Float64Array, row: number, width: number, total: number): boolean {
  for (let place = 0, at = row; place < width; place++, at += total) {
    const value = cells[place];
    if (typeof value !== "number") return false;
    data[at] = value;
  }
  return true;
}
