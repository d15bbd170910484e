import { Table, TableContainer } from "../reference/table-container.js";
import { withContainer } from "./changed-adapter.js";

export class LostTable extends Table {}

class RegistersNowhere extends TableContainer {
  override readonly name = "RegistersNowhere";
}

/** Workers import this module, which neither registers the container nor exports a function that does. */
export const adapter = withContainer(LostTable, new RegistersNowhere(), import.meta.url);
