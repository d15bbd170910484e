import { Params } from "bentoml-core";
import { definition } from "../reference/index.js";
import { withDefinition } from "./changed-adapter.js";

/** Takes keywords in the order in which they come. */
export const adapter = withDefinition({
  prepare: (params, ...others) => {
    const args = params.args.length > 0 ? params.args : Object.values(params.kwargs);
    return (definition.prepare as NonNullable<typeof definition.prepare>)(new Params(args), ...others);
  },
});
