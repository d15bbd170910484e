import { InvalidArgumentError } from "../errors/index.js";
import { checkDim, describeShape, isDtype, isNamedTensors, type NamedTensors, type NdArray } from "../ndarray/index.js";
import { DataContainerBase, type JoinedBatch } from "./data-container.js";
import { buffersOf, decodeArray, encodeArray } from "./nd-array-payload.js";
import { ndArrayContainer } from "./nd-array-container.js";
import type { JsonValue, Payload } from "./payload.js";
import { shownJson } from "./shown-json.js";

/** Plain records of NdArrays. Each entry is joined with those of its name; all entries must have one batch size. */
export class NamedTensorsContainer extends DataContainerBase<NamedTensors> {
  readonly name = "NamedTensorsContainer";

  getBatchSize(batch: NamedTensors, batchDim: number): number {
    let sizedBy: string | undefined;
    let size = 0;
    for (const name in checked(batch)) {
      const { shape } = batch[name] as NdArray;
      checkDim(shape, batchDim, `The batch size of "${name}"`);
      const own = shape[batchDim] as number;
      if (sizedBy === undefined) [sizedBy, size] = [name, own];
      else if (own !== size) throw unequalSizes(batch, batchDim, sizedBy, name);
    }
    return size;
  }

  batchesToBatch(batches: readonly NamedTensors[], batchDim: number): JoinedBatch<NamedTensors> {
    const first = batches[0];
    if (first === undefined) throw new InvalidArgumentError("Cannot join no records: pass at least one.");
    const indices = [0];
    for (const record of batches) {
      checkSameNames(first, checked(record));
      indices.push((indices.at(-1) as number) + this.getBatchSize(record, batchDim));
    }
    const join = (name: string): NdArray => inEntry(name, () => ndArrayContainer.batchesToBatch(batches.map((record) => record[name] as NdArray), batchDim).batch);
    return { batch: recordOf(Object.keys(first).map((name) => [name, join(name)])), indices };
  }

  batchToBatches(batch: NamedTensors, indices: readonly number[], batchDim: number): NamedTensors[] {
    const split = Object.keys(checked(batch)).map((name) => [name, inEntry(name, () => (batch[name] as NdArray).split(indices, batchDim))] as const);
    return indices.slice(1).map((_end, part) => recordOf(split.map(([name, parts]) => [name, parts[part] as NdArray])));
  }

  toPayload(batch: NamedTensors, batchDim: number): Payload {
    const tensors: JsonValue[] = [];
    const buffers: Uint8Array[] = [];
    const sizes = new Set<number | undefined>();
    for (const name in checked(batch)) {
      const array = batch[name] as NdArray;
      tensors.push({ name, dtype: array.dtype, shape: [...array.shape] });
      buffers.push(...encodeArray(array));
      sizes.add(array.shape[batchDim]);
    }
    const [size = 1] = sizes;
    return { container: this.name, meta: { tensors }, batchSize: sizes.size === 1 ? size : 1, buffers };
  }

  fromPayload({ meta, buffers }: Payload): NamedTensors {
    const { tensors } = meta;
    if (!Array.isArray(tensors) || tensors.length === 0) throw badMeta(tensors);
    let next = 0;
    const entries = tensors.map((tensor): [string, NdArray] => {
      if (typeof tensor !== "object" || tensor === null || Array.isArray(tensor) || typeof tensor["name"] !== "string") throw badMeta(tensor);
      const { name, dtype, shape } = tensor;
      const count = isDtype(dtype) ? buffersOf(dtype) : 1;
      const own = buffers.slice(next, (next += count));
      return [name, inEntry(name, () => decodeArray(dtype, shape, own))];
    });
    if (next !== buffers.length) throw new InvalidArgumentError(`The tensors of a payload need ${String(next)} buffers, but it has ${String(buffers.length)}.`);
    if (new Set(entries.map(([name]) => name)).size !== entries.length) throw new InvalidArgumentError("A payload names a tensor twice.");
    return recordOf(entries);
  }
}

export const namedTensorsContainer: NamedTensorsContainer = new NamedTensorsContainer();

/** Own properties by definition, so that a tensor called "__proto__" is one like any other. */
function recordOf(entries: readonly (readonly [string, NdArray])[]): NamedTensors {
  return Object.fromEntries(entries);
}

function checked(record: NamedTensors): NamedTensors {
  if (isNamedTensors(record)) return record;
  throw new InvalidArgumentError("A record of NdArrays can only be joined with plain records that hold NdArrays and nothing else: check that every call passes one.");
}

function checkSameNames(first: NamedTensors, other: NamedTensors): void {
  const names = Object.keys(first);
  const others = Object.keys(other);
  const missing = names.find((name) => !Object.hasOwn(other, name)) ?? others.find((name) => !Object.hasOwn(first, name));
  if (missing === undefined) return;
  throw new InvalidArgumentError(
    `Records of different tensors cannot be joined: "${missing}" is not in all of them ([${names.join(", ")}] and [${others.join(", ")}]).`,
  );
}

/** Says in which entry of a record it went wrong. */
function inEntry<Result>(name: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new InvalidArgumentError(`Tensor "${name}": ${error.message}`, { cause: error });
  }
}

function unequalSizes(batch: NamedTensors, batchDim: number, left: string, right: string): InvalidArgumentError {
  const shapes = [left, right].map((name) => `"${name}" has shape ${describeShape((batch[name] as NdArray).shape)}`);
  return new InvalidArgumentError(`The tensors of a record must have one batch size, but in dim ${String(batchDim)} they differ: ${shapes.join(", ")}.`);
}

function badMeta(given: unknown): InvalidArgumentError {
  return new InvalidArgumentError(`The meta of a payload of named tensors must list { name, dtype, shape }, not ${shownJson(given)}.`);
}
