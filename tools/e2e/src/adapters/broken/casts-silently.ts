import { NdArray, Params } from "bentoml-core";
import { definition } from "../reference/index.js";
import { withDefinition } from "./changed-adapter.js";

export const adapter = withDefinition({
  prepare: ({ args, kwargs }, ...others) => {
    const cast = args.map((value) => (NdArray.isNdArray(value) ? value.cast("float32", { lossy: true }) : value));
    return (definition.prepare as NonNullable<typeof definition.prepare>)(new Params(cast, kwargs), ...others);
  },
});
