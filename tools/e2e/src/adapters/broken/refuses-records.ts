import { InvalidArgumentError, NdArray } from "bentoml-core";
import { definition } from "../reference/index.js";
import { withDefinition } from "./changed-adapter.js";

/** Takes arrays by place and by keyword only. */
export const adapter = withDefinition({
  prepare: (params, ...others) => {
    const [first] = params.args;
    if (first !== undefined && !NdArray.isNdArray(first)) throw new InvalidArgumentError(`The input "x" must be an array, but ${typeof first} was given.`);
    return (definition.prepare as NonNullable<typeof definition.prepare>)(params, ...others);
  },
});
