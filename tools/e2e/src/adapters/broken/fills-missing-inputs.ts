import { NdArray, Params } from "bentoml-core";
import { definition } from "../reference/index.js";
import { namesOf } from "../reference/prepare.js";
import { withDefinition } from "./changed-adapter.js";

export const adapter = withDefinition({
  prepare: (params, signature, ...others) => {
    const wanted = namesOf(signature).length;
    const args = params.size < wanted ? [...params.args, ...Array.from({ length: wanted - params.size }, () => NdArray.zeros("float32", [1, 4]))] : params.args;
    return (definition.prepare as NonNullable<typeof definition.prepare>)(new Params(args, params.kwargs), signature, ...others);
  },
});
