import { MODEL_FILE, readModel } from "../reference/linear-model.js";
import { withDefinition } from "./changed-adapter.js";

const reference = withDefinition({});

export const adapter: typeof reference = {
  ...reference,
  get: (...args) => {
    const model = reference.get(...args);
    if (model.info.module === reference.name) readModel(model.stored.pathOf(MODEL_FILE));
    return model;
  },
};
