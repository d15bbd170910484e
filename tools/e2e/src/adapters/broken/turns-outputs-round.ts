import { NdArray, type NamedTensors } from "bentoml-core";
import { LinearRunnable } from "../reference/index.js";
import { withRunnable } from "./changed-adapter.js";

export class TurnsOutputsRound extends LinearRunnable {
  override run(feeds: NamedTensors): NdArray | NamedTensors {
    const result = super.run(feeds);
    return NdArray.isNdArray(result) ? result : Object.fromEntries(Object.entries(result).reverse());
  }
}

export const adapter = withRunnable(import.meta.url, "TurnsOutputsRound");
