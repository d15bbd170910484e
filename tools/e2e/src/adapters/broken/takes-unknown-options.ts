import { definition } from "../reference/index.js";
import { withDefinition } from "./changed-adapter.js";

export const adapter = withDefinition({
  runnable: (model, { digits }) => definition.runnable(model, digits === undefined ? {} : { digits }),
});
