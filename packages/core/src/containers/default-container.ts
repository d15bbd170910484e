import { InvalidArgumentError } from "../errors/index.js";
import { checkIndices, indicesOfSizes } from "../ndarray/index.js";
import { DataContainerBase, type JoinedBatch } from "./data-container.js";
import type { Payload } from "./payload.js";
import { PlainValueReader } from "./plain-value-reader.js";
import { PlainValueWriter } from "./plain-value-writer.js";

/**
 * Values that no other container serves: JSON, and in it undefined, NaN, infinities, bigint, Date, Map, Set, typed arrays and
 * NdArrays at any depth. Only lists can be joined, by concatenation along dim 0; any other value is one item. A generator is
 * drained to a list when it is sent. A Buffer arrives as a Uint8Array, a record without a prototype as a plain one.
 */
export class DefaultContainer extends DataContainerBase {
  readonly name = "DefaultContainer";

  getBatchSize(batch: unknown, batchDim: number): number {
    if (!Array.isArray(batch)) return 1;
    checkListDim(batchDim);
    return batch.length;
  }

  batchesToBatch(batches: readonly unknown[], batchDim: number): JoinedBatch<unknown[]> {
    checkListDim(batchDim);
    const lists = batches.map(asList);
    return { batch: lists.flat(1), indices: indicesOfSizes(lists.map((list) => list.length)) };
  }

  batchToBatches(batch: unknown, indices: readonly number[], batchDim: number): unknown[][] {
    checkListDim(batchDim);
    const list = asList(batch);
    checkIndices(indices, list.length);
    return indices.slice(1).map((end, part) => list.slice(indices[part], end));
  }

  toPayload(batch: unknown, batchDim: number): Payload | Promise<Payload> {
    if (isAsyncGenerator(batch)) return drain(batch).then((list) => this.#pack(list, batchDim));
    return this.#pack(isGenerator(batch) ? [...batch] : batch, batchDim);
  }

  fromPayload({ buffers }: Payload): unknown {
    return PlainValueReader.read(buffers);
  }

  #pack(value: unknown, batchDim: number): Payload {
    const batchSize = Array.isArray(value) && batchDim === 0 ? value.length : 1;
    return { container: this.name, meta: {}, batchSize, buffers: PlainValueWriter.write(value) };
  }
}

export const defaultContainer: DefaultContainer = new DefaultContainer();

function checkListDim(batchDim: number): void {
  if (batchDim === 0) return;
  throw new InvalidArgumentError(`Lists have one dim and can only be joined along dim 0, not ${String(batchDim)}: use NdArrays for other batch dims.`);
}

function asList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const given = value === null ? "null" : `a value of type ${typeof value}`;
  throw new InvalidArgumentError(`Only lists can be joined into a batch and split again, not ${given}: put the items into a list.`);
}

function isGenerator(value: unknown): value is Generator {
  return isIterator(value) && typeof (value as Partial<Generator>)[Symbol.iterator] === "function";
}

function isAsyncGenerator(value: unknown): value is AsyncGenerator {
  return isIterator(value) && typeof (value as Partial<AsyncGenerator>)[Symbol.asyncIterator] === "function";
}

function isIterator(value: unknown): value is object {
  return typeof value === "object" && value !== null && typeof (value as Partial<Iterator<unknown>>).next === "function";
}

async function drain(generator: AsyncGenerator): Promise<unknown[]> {
  const list: unknown[] = [];
  for await (const item of generator) list.push(item);
  return list;
}
