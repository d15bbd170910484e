/** What workers import: the model, and nothing else of the adapter. */
import { readFileSync } from "node:fs";
import { NdArray, Runnable } from "bentoml-core";

export class LinearRunnable extends Runnable {
  /** @override */
  static methods = { run: { batchable: true } };

  /** @param {{ path: string, digits: number }} parameters */
  constructor({ path, digits }) {
    super();
    this.factor = Number(JSON.parse(readFileSync(path, "utf8")).factor.toPrecision(digits));
  }

  /** @param {NdArray<"float32">} x */
  run(x) {
    return new NdArray("float32", x.shape, x.data.map((value) => value * this.factor));
  }
}
