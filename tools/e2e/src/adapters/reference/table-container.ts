import { DataContainerBase, InvalidArgumentError, type JoinedBatch, type Payload } from "bentoml-core";

/** A value of the reference framework: rows of numbers under a caption. */
export class Table {
  constructor(
    readonly caption: string,
    readonly rows: readonly (readonly number[])[],
  ) {}
}

/** Joins and splits tables by their rows. */
export class TableContainer extends DataContainerBase<Table> {
  readonly name: string = "TableContainer";

  getBatchSize({ rows }: Table): number {
    return rows.length;
  }

  batchesToBatch(batches: readonly Table[], batchDim: number): JoinedBatch<Table> {
    if (batchDim !== 0) throw new InvalidArgumentError(`Tables are joined along dim 0, not ${batchDim}.`);
    const indices = [0];
    for (const { rows } of batches) indices.push((indices.at(-1) as number) + rows.length);
    return { batch: new Table(batches[0]?.caption ?? "", batches.flatMap(({ rows }) => rows)), indices };
  }

  batchToBatches(batch: Table, indices: readonly number[], _batchDim: number): Table[] {
    const isRising = indices[0] === 0 && indices.every((index, place) => place === 0 || index >= (indices[place - 1] as number));
    if (!isRising || indices.at(-1) !== batch.rows.length) {
      throw new InvalidArgumentError(`A table of ${batch.rows.length} rows cannot be cut at [${indices.join(", ")}].`);
    }
    return indices.slice(1).map((end, part) => new Table(batch.caption, batch.rows.slice(indices[part], end)));
  }

  toPayload({ caption, rows }: Table): Payload {
    const bytes = new TextEncoder().encode(JSON.stringify(rows));
    return { container: this.name, meta: { caption }, batchSize: rows.length, buffers: [bytes] };
  }

  fromPayload({ meta, buffers }: Payload): Table {
    const { caption } = meta;
    return new Table(typeof caption === "string" ? caption : "", JSON.parse(new TextDecoder().decode(buffers[0])) as number[][]);
  }
}
