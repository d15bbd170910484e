import type { JoinedBatch, Payload } from "bentoml-core";
import { Table, TableContainer } from "../reference/table-container.js";
import { withContainer } from "./changed-adapter.js";

export class UncountedTable extends Table {}

/** Gives sizes where cumulative indices are wanted. */
class LosesIndices extends TableContainer {
  override readonly name = "LosesIndices";

  override async fromBatchPayloads(payloads: readonly Payload[], batchDim: number): Promise<JoinedBatch<Table>> {
    const { batch } = await super.fromBatchPayloads(payloads, batchDim);
    return { batch, indices: payloads.map(({ batchSize }) => batchSize) };
  }
}

export const adapter = withContainer(UncountedTable, new LosesIndices(), import.meta.url);

export function register(): void {
  adapter.register();
}
