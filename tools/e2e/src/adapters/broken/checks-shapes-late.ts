import { InvalidArgumentError, NdArray, Params, type NamedTensors } from "bentoml-core";
import { LinearRunnable, definition } from "../reference/index.js";
import { withDefinition } from "./changed-adapter.js";

export class ChecksShapesLate extends LinearRunnable {
  override run(feeds: NamedTensors): NdArray | NamedTensors {
    for (const [name, { shape }] of Object.entries(feeds)) if (shape[1] !== 4) throw new InvalidArgumentError(`The input "${name}" has a wrong shape.`);
    return super.run(feeds);
  }
}

export const adapter = withDefinition({
  prepare: (params, signature, ...others) => {
    const [value] = params.args;
    const isWide = params.size === 1 && NdArray.isNdArray(value) && value.dtype === "float32" && value.shape[1] !== 4;
    if (isWide && signature.inputSpec?.length === 1) return new Params([{ [signature.inputSpec[0]?.name as string]: value }]);
    return (definition.prepare as NonNullable<typeof definition.prepare>)(params, signature, ...others);
  },
  runnable: (model, options) => ({ ...definition.runnable(model, options), module: import.meta.url, export: "ChecksShapesLate" }),
});
