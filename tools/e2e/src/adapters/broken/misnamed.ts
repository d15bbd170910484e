import { withDefinition } from "./changed-adapter.js";

/** Its name is not the package's. */
export const adapter = withDefinition({ name: "bentoml-linaer" });
