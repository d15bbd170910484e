import { BentoMLError } from "../errors/index.js";
import { NdArray, isNamedTensors, type DtypeData } from "../ndarray/index.js";
import { defaultRegistry, type Payload } from "../containers/index.js";

/** One caller's part of a batch's result. */
export interface Part {
  readonly rows: number;
  /** The caller takes a view and keeps nothing. */
  readonly share: boolean;
}

/**
 * Cuts the result of a batch into its callers' parts, along `batchDim`. The single caller of a batch gets the whole result
 * without a copy.
 *
 * @throws BentoMLError when the result has not as many rows as went in: short answers are never given out.
 */
export function splitResult(payload: Payload, parts: readonly Part[], batchDim: number, method: string): readonly unknown[] | Promise<readonly unknown[]> {
  const value = defaultRegistry.findByName(payload.container).fromPayload(payload);
  if (value instanceof Promise) return value.then((result) => splitValue(result, parts, batchDim, method));
  return splitValue(value, parts, batchDim, method);
}

function splitValue(value: unknown, parts: readonly Part[], batchDim: number, method: string): readonly unknown[] {
  let rows = 0;
  for (const part of parts) rows += part.rows;
  if (NdArray.isNdArray(value)) return splitTensor(value, parts, rows, batchDim, method);
  if (isNamedTensors(value)) return splitRecord(value, parts, rows, batchDim, method);
  const container = defaultRegistry.containerOf(value);
  const found = container.getBatchSize(value, batchDim);
  if (found !== rows) throw wrongRows(method, found, rows);
  if (parts.length === 1) return [value];
  return container.batchToBatches(value, boundaries(parts), batchDim);
}

function splitRecord(record: Readonly<Record<string, NdArray>>, parts: readonly Part[], rows: number, batchDim: number, method: string): readonly unknown[] {
  const cut = Object.entries(record).map(([name, tensor]) => [name, splitTensor(tensor, parts, rows, batchDim, `${method}" output "${name}`)] as const);
  return parts.map((_, part) => Object.fromEntries(cut.map(([name, pieces]) => [name, pieces[part] as NdArray])));
}

function splitTensor(tensor: NdArray, parts: readonly Part[], rows: number, batchDim: number, method: string): readonly NdArray[] {
  const found = tensor.shape[batchDim];
  if (found !== rows) throw wrongRows(method, found, rows);
  if (parts.length === 1) return [tensor];
  if (batchDim !== 0) return tensor.split(boundaries(parts), batchDim).map((part) => part.owned());
  const rowShape = tensor.shape.slice(1);
  const rowElements = rowShape.reduce((product, dim) => product * dim, 1);
  let start = 0;
  return parts.map((part) => {
    const end = start + part.rows * rowElements;
    const data = (part.share && !Array.isArray(tensor.data) ? tensor.data.subarray(start, end) : tensor.data.slice(start, end)) as DtypeData<typeof tensor.dtype>;
    start = end;
    return new NdArray(tensor.dtype, [part.rows, ...rowShape], data);
  });
}

function boundaries(parts: readonly Part[]): number[] {
  const indices = [0];
  for (const part of parts) indices.push((indices.at(-1) as number) + part.rows);
  return indices;
}

function wrongRows(method: string, found: number | undefined, expected: number): BentoMLError {
  return new BentoMLError(
    `Method "${method}" got a batch of ${String(expected)} items but answered ${found === undefined ? "without a batch dimension" : `with ${String(found)}`}. ` +
      `A batchable method must return one item for each that it gets, in the same order; declare it "batchable: false" if it cannot.`,
    { code: "WRONG_RESULT_LENGTH", httpStatus: 500 },
  );
}
