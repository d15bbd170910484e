import { InvalidArgumentError, Params } from "bentoml-core";
import { definition } from "../reference/index.js";
import { withDefinition } from "./changed-adapter.js";

export const adapter = withDefinition({
  prepare: ({ args, kwargs }, ...others) => {
    if (args.length === 0 && Object.keys(kwargs).length > 0) throw new InvalidArgumentError("Give at least one input.");
    return (definition.prepare as NonNullable<typeof definition.prepare>)(new Params(args), ...others);
  },
});
