import { ModelStore } from "bentoml-core";
import { withDefinition } from "./changed-adapter.js";

const reference = withDefinition({});

export const adapter: typeof reference = {
  ...reference,
  async saveModel(name, native, options = {}) {
    const store = options.store ?? ModelStore.default();
    if (String(name).includes(":") && store.list().length > 0) store.delete(name);
    return reference.saveModel(name, native, options);
  },
};
