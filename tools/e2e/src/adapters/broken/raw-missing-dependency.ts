import { readModel, MODEL_FILE } from "../reference/linear-model.js";
import { withDefinition } from "./changed-adapter.js";

export const adapter = withDefinition({
  load: async (model) => {
    await import("linear-engine");
    return readModel(model.pathOf(MODEL_FILE));
  },
});
