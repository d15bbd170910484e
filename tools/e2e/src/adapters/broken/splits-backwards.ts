import type { Payload } from "bentoml-core";
import { Table, TableContainer } from "../reference/table-container.js";
import { withContainer } from "./changed-adapter.js";

export class BackwardsTable extends Table {}

class SplitsBackwards extends TableContainer {
  override readonly name = "SplitsBackwards";

  override batchToBatches(...args: Parameters<TableContainer["batchToBatches"]>): Table[] {
    return super.batchToBatches(...args).reverse();
  }

  override async batchToPayloads(batch: Table, indices: readonly number[], batchDim: number): Promise<Payload[]> {
    return super.batchToBatches(batch, indices, batchDim).map((part) => this.toPayload(part));
  }
}

export const adapter = withContainer(BackwardsTable, new SplitsBackwards(), import.meta.url);

export function register(): void {
  adapter.register();
}
