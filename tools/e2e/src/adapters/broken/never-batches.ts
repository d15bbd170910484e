import { definition } from "../reference/index.js";
import { withDefinition } from "./changed-adapter.js";

export const adapter = withDefinition({
  runnable: (model, options) => ({ ...definition.runnable(model, options), methods: { run: { batchable: false }, rows: { stream: true } } }),
});
