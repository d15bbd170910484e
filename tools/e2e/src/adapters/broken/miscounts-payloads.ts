import type { Payload } from "bentoml-core";
import { Table, TableContainer } from "../reference/table-container.js";
import { withContainer } from "./changed-adapter.js";

export class MiscountedTable extends Table {}

class MiscountsPayloads extends TableContainer {
  override readonly name = "MiscountsPayloads";

  override toPayload(table: Table): Payload {
    return { ...super.toPayload(table), batchSize: 1 };
  }
}

export const adapter = withContainer(MiscountedTable, new MiscountsPayloads(), import.meta.url);

export function register(): void {
  adapter.register();
}
