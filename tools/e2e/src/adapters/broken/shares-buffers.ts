import { isMainThread } from "node:worker_threads";
import type { NdArray } from "bentoml-core";
import { LinearRunnable } from "../reference/index.js";
import { withRunnable } from "./changed-adapter.js";

/** Keeps what it gave away, and answers with it again; a worker gives memory away for good. */
export class SharesBuffers extends LinearRunnable {
  readonly #kept = new Map<number, NdArray<"float32">>();

  protected override sum(...args: Parameters<LinearRunnable["sum"]>): NdArray {
    const result = super.sum(...args) as NdArray<"float32">;
    const kept = this.#kept.get(result.data.length);
    const isOnlyOutput = Object.keys(this.model.outputs).length === 1;
    if (isMainThread && isOnlyOutput) this.#kept.set(result.data.length, kept ?? result);
    kept?.data.set(result.data);
    return kept ?? result;
  }
}

export const adapter = withRunnable(import.meta.url, "SharesBuffers");
