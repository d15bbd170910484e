import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { withDefinition } from "./changed-adapter.js";

const reference = withDefinition({});

export const adapter: typeof reference = {
  ...reference,
  async saveModel(...args) {
    const model = await reference.saveModel(...args);
    writeFileSync(join(model.path, "cache.bin"), "cached");
    return model;
  },
};
