import { Params } from "bentoml-core";
import { definition } from "../reference/index.js";
import { namesOf } from "../reference/prepare.js";
import { withDefinition } from "./changed-adapter.js";

export const adapter = withDefinition({
  prepare: ({ args, kwargs }, signature, ...others) => {
    const names = namesOf(signature);
    const known = Object.fromEntries(Object.entries(kwargs).filter(([name]) => names.includes(name)));
    return (definition.prepare as NonNullable<typeof definition.prepare>)(new Params(args.slice(0, names.length), known), signature, ...others);
  },
});
