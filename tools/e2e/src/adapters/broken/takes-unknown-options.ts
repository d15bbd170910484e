import { replaced, withModels } from "./changed-adapter.js";

export const adapter = withModels((model) =>
  replaced(model, { toRunner: ({ digits }: { readonly digits?: number } = {}) => model.toRunner(digits === undefined ? {} : { digits }) }),
);
