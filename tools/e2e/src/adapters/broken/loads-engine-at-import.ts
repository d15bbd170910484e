import { createRequire } from "node:module";
import { withDefinition } from "./changed-adapter.js";

try {
  createRequire(import.meta.url)("linear-engine");
} catch {
  // Not installed.
}

export const adapter = withDefinition({});
