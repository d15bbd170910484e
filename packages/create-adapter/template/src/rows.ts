import { NdArray } from "bentoml-core";

/** A value of the framework's own: rows under the name of where they come from. Runners take it as they take arrays. */
export class Rows {
  constructor(
    readonly source: string,
    /** float32 ["batch", columns]. */
    readonly values: NdArray,
  ) {}

  get count(): number {
    return this.values.shape[0] ?? 0;
  }
}
