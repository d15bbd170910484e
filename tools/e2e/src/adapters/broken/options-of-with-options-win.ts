import type { AdapterModel, RunnerOptions } from "bentoml-core";
import { replaced, withModels } from "./changed-adapter.js";

type Model = AdapterModel<object>;

export const adapter = withModels((model: Model) =>
  replaced(model, {
    withOptions: (first: RunnerOptions): Model => {
      const changed = model.withOptions(first);
      return replaced(changed, { toRunner: (second: RunnerOptions = {}) => changed.toRunner({ ...second, ...first }) });
    },
  }),
);
