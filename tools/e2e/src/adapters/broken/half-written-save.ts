import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ModelStore } from "bentoml-core";
import { withDefinition } from "./changed-adapter.js";

const reference = withDefinition({});

/** Writes beside the draft, and leaves it there when the model turns out to be unusable. */
export const adapter: typeof reference = {
  ...reference,
  async saveModel(name, native, options = {}) {
    const folder = join((options.store ?? ModelStore.default()).root, "tmp");
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "linear.json");
    writeFileSync(file, JSON.stringify(native));
    const model = await reference.saveModel(name, native, options);
    writeFileSync(file, "");
    return model;
  },
};
