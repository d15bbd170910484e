import { NdArray } from "bentoml-core";
import { definition } from "../reference/index.js";
import { withDefinition } from "./changed-adapter.js";

export const adapter = withDefinition({
  prepare: (params, ...others) => {
    if (params.args.some((value) => NdArray.isNdArray(value) && value.dtype !== "float32")) throw new TypeError('"x" is not float32');
    return (definition.prepare as NonNullable<typeof definition.prepare>)(params, ...others);
  },
});
