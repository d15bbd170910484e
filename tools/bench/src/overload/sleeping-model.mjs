import { NdArray, Runnable } from "bentoml-core";

const BATCH_MS = 4;
const ITEM_MS = 1;

/** A model that takes its time, as one on a device does, and leaves the cores to others. */
export class SleepingModel extends Runnable {
  /** @override */
  static module = import.meta.url;
  /** @override */
  static methods = /** @type {const} */ ({ run: { batchable: true } });

  #clock = new Int32Array(new SharedArrayBuffer(4));

  /**
   * @param {Readonly<Record<"x", NdArray>>} inputs
   * @returns {Readonly<Record<"y", NdArray>>}
   */
  run({ x }) {
    Atomics.wait(this.#clock, 0, 0, BATCH_MS + ITEM_MS * (x.shape[0] ?? 0));
    return { y: new NdArray(x.dtype, x.shape, x.data.slice()) };
  }
}
