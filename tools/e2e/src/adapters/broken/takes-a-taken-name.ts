import { registerContainer } from "bentoml-core";
import { Table, TableContainer } from "../reference/table-container.js";
import { withDefinition } from "./changed-adapter.js";

class Sheet extends Table {}
const reference = withDefinition({});

/** A second container of the reference's name. */
export const adapter: typeof reference = {
  ...reference,
  register: () => {
    reference.register();
    registerContainer(Sheet, Sheet, new TableContainer());
  },
};
