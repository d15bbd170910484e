import { allocateColumn, bytesOfColumn, columnIn, type ColumnDtype } from "./column-dtype.js";

/** Where a column gets its memory from. */
export type AllocateColumn = typeof allocateColumn;

/** Gives so many bytes. */
export type ReserveMemory = (bytes: number) => ArrayBufferLike;

interface ColumnSize {
  readonly dtype: ColumnDtype;
  readonly length: number;
}

/** Any dtype may begin at a multiple of it. */
const ALIGNMENT = 8;

export const zeroedMemory: ReserveMemory = (bytes) => new ArrayBuffer(bytes);

/** For who writes every value before anybody reads one: what other parts of the program left there is not cleared. */
export const unwrittenMemory: ReserveMemory = (bytes) => Buffer.allocUnsafeSlow(bytes).buffer;

/**
 * One piece of memory for the columns of a frame: to allocate a piece for each takes longer than to fill it. What does not fit gets
 * memory of its own.
 */
export function inOnePiece(columns: readonly ColumnSize[], reserve: ReserveMemory): AllocateColumn {
  const total = columns.reduce((sum, { dtype, length }) => sum + alignedBytes(dtype, length), 0);
  // Not before a column needs it: some are joined without being copied.
  let memory: ArrayBufferLike | undefined;
  let used = 0;
  return (dtype, length) => {
    const begin = used;
    const end = begin + alignedBytes(dtype, length);
    if (dtype === "string" || end > total) return allocateColumn(dtype, length);
    used = end;
    memory ??= reserve(total);
    return columnIn(memory, begin, dtype, length);
  };
}

function alignedBytes(dtype: ColumnDtype, length: number): number {
  return Math.ceil(bytesOfColumn(dtype, length) / ALIGNMENT) * ALIGNMENT;
}
