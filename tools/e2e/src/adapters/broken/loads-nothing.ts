import { definition } from "../reference/index.js";
import { withDefinition } from "./changed-adapter.js";

export const adapter = withDefinition({
  load: async (model, options) => {
    await definition.load(model, options);
  },
});
