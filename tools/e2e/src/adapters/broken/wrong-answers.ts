import type { NdArray } from "bentoml-core";
import { LinearRunnable } from "../reference/index.js";
import { withRunnable } from "./changed-adapter.js";

export class WrongAnswers extends LinearRunnable {
  protected override sum(...args: Parameters<LinearRunnable["sum"]>): NdArray {
    const result = super.sum(...args) as NdArray<"float32">;
    result.data[0] = (result.data[0] as number) + 1;
    return result;
  }
}

export const adapter = withRunnable(import.meta.url, "WrongAnswers");
