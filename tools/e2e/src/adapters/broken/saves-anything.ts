import { definition } from "../reference/index.js";
import { withDefinition } from "./changed-adapter.js";

export const adapter = withDefinition({
  save: async (draft, native, options) => definition.save(draft, Object.keys(native.outputs).length > 0 ? native : { ...native, outputs: { y: {} } }, options),
});
