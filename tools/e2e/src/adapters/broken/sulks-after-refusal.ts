import { definition } from "../reference/index.js";
import { withDefinition } from "./changed-adapter.js";

const sulking = new Map<string, Error>();

/** The call after a refused one is refused too. */
export const adapter = withDefinition({
  prepare: (...asked) => {
    const [, , , model] = asked;
    const last = sulking.get(model.path);
    sulking.delete(model.path);
    if (last !== undefined) throw last;
    try {
      return (definition.prepare as NonNullable<typeof definition.prepare>)(...asked);
    } catch (error) {
      sulking.set(model.path, error as Error);
      throw error;
    }
  },
});
