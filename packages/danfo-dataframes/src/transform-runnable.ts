import { Runnable, type NdArray } from "bentoml-core";
import { register } from "./danfo-adapter.js";
import type { FrameLike } from "./foreign-frame.js";
import { FittedPipeline, type FittedRecipe } from "./transforms/fitted-pipeline.js";

/** What a worker needs of a stored pipeline. */
export interface PipelineDescription {
  readonly fitted: FittedRecipe;
}

/** A fitted pipeline in a worker. */
export class TransformRunnable extends Runnable {
  static override readonly module: string = import.meta.url;
  static override readonly methods: { readonly transform: { readonly batchable: true; readonly doc: string } } = {
    transform: { batchable: true, doc: "Rows as the steps of the pipeline make them." },
  };

  readonly #pipeline: FittedPipeline;

  constructor({ fitted }: PipelineDescription) {
    super();
    this.#pipeline = new FittedPipeline(fitted);
  }

  override setup(): void {
    register();
  }

  transform(frame: FrameLike): NdArray | FrameLike {
    return this.#pipeline.transform(frame);
  }
}
