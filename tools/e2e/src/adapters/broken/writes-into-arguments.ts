import { NdArray, Params } from "bentoml-core";
import { definition } from "../reference/index.js";
import { withDefinition } from "./changed-adapter.js";

export const adapter = withDefinition({
  prepare: ({ args, kwargs }, ...others) => {
    const copies = args.map((value) => (NdArray.isNdArray(value) ? value.clone() : value));
    for (const value of args) if (NdArray.isNdArray(value) && value.dtype === "float32") (value.data as Float32Array).fill(0);
    return (definition.prepare as NonNullable<typeof definition.prepare>)(new Params(copies, kwargs), ...others);
  },
});
