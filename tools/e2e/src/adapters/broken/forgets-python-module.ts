import { withDefinition } from "./changed-adapter.js";

/** Its package.json declares bentoml.linear. */
export const adapter = withDefinition({ pythonModules: [] });
