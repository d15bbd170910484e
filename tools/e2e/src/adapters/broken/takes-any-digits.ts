import { definition } from "../reference/index.js";
import { withDefinition } from "./changed-adapter.js";

export const adapter = withDefinition({ runnable: (model, { digits: _digits, ...options }) => definition.runnable(model, options) });
