import { bytesPerElement, type Dtype } from "../../ndarray/index.js";

/** One tensor of a call as rows in shared memory. */
export interface Column {
  readonly dtype: Dtype;
  /** Shape of one row: the dims after the batch dim, or all dims of a tensor that is not batched. */
  readonly rowShape: readonly number[];
  readonly rowBytes: number;
  /** Whether the batch dim (0) comes before the row's dims. */
  readonly batched: boolean;
}

/** How one argument is made again in the worker. Columns and slots are numbered over the whole call. */
export type ArgumentLayout =
  | { readonly kind: "tensor"; readonly column: number }
  | { readonly kind: "record"; readonly names: readonly string[]; readonly columns: readonly number[] }
  /** Values that are not rows: one payload per call, joined by their container, the same for all calls. */
  | { readonly kind: "joined"; readonly slot: number; readonly container: string; readonly batchDim: number }
  /** A value that all calls of the batch share; one payload. */
  | { readonly kind: "shared"; readonly slot: number };

/** Shape of a call's arguments without their rows; sent to each worker once, then named by its id. */
export interface CallLayout {
  readonly id: number;
  readonly columns: readonly Column[];
  readonly args: readonly ArgumentLayout[];
  readonly kwargs: readonly (readonly [string, ArgumentLayout])[];
}

/** Typed-array views need their element's alignment; 8 bytes suit every dtype. */
const ALIGNMENT = 8;

export function makeColumn(dtype: Dtype, rowShape: readonly number[], batched: boolean): Column {
  let elements = 1;
  for (const dim of rowShape) elements *= dim;
  return { dtype, rowShape: [...rowShape], rowBytes: elements * bytesPerElement(dtype), batched };
}

/** Where each column begins in a block that holds `capacity` rows of all columns one after the other, and the block's size. */
export function columnOffsets(columns: readonly Column[], capacity: number): { readonly offsets: readonly number[]; readonly bytes: number } {
  const offsets: number[] = [];
  let bytes = 0;
  for (const column of columns) {
    offsets.push(bytes);
    bytes += Math.ceil((column.rowBytes * capacity) / ALIGNMENT) * ALIGNMENT;
  }
  return { offsets, bytes };
}
