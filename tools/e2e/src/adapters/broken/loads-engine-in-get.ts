import { createRequire } from "node:module";
import { withModels } from "./changed-adapter.js";

export const adapter = withModels((model) => {
  createRequire(import.meta.url)("linear-engine");
  return model;
});
