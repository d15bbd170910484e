import { DataContainerBase, InvalidArgumentError, NdArray, autoContainer, type JoinedBatch, type Payload } from "bentoml-core";
import { Rows } from "./rows.js";

/** Joins and splits Rows, and carries them to workers and over the wire. The array in it is core's business; this adds the source. */
export class RowsContainer extends DataContainerBase<Rows> {
  readonly name = "__Framework__RowsContainer";

  getBatchSize({ values }: Rows, batchDim: number): number {
    return autoContainer.getBatchSize(values, batchDim);
  }

  batchesToBatch(batches: readonly Rows[], batchDim: number): JoinedBatch<Rows> {
    const indices = [0];
    for (const rows of batches) indices.push((indices.at(-1) as number) + this.getBatchSize(rows, batchDim));
    const values = NdArray.concat(batches.map((rows) => rows.values), batchDim);
    return { batch: new Rows(batches[0]?.source ?? "", values), indices };
  }

  batchToBatches({ source, values }: Rows, indices: readonly number[], batchDim: number): Rows[] {
    return values.split(indices, batchDim).map((part) => new Rows(source, part));
  }

  toPayload({ source, values }: Rows, batchDim: number): Payload {
    const payload = autoContainer.toPayload(values, batchDim) as Payload;
    return { ...payload, container: this.name, meta: { source, container: payload.container, array: payload.meta } };
  }

  /** Trusts nothing: the payload may come from a stranger. */
  fromPayload(payload: Payload): Rows {
    const { source, container, array } = payload.meta;
    if (typeof source !== "string" || typeof container !== "string" || typeof array !== "object" || array === null) {
      throw new InvalidArgumentError(`A payload of ${this.name} needs a source and an array.`);
    }
    const values = autoContainer.fromPayload({ ...payload, container, meta: array as Payload["meta"] });
    if (!NdArray.isNdArray(values)) throw new InvalidArgumentError(`A payload of ${this.name} holds a ${container}, which is no array.`);
    return new Rows(source, values);
  }
}
