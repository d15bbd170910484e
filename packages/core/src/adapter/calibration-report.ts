import type { ModelStore } from "../models/index.js";
import type { RunnerOptions } from "../runner/index.js";
import type { Tag } from "../tag/index.js";

/** How fast a model ran in one setting of its engine. */
export interface MeasuredSetting {
  /** For people, such as "2 threads, spinning". */
  readonly name: string;
  /** Of a call with one item, ms. */
  readonly singleMs: number;
  /** Of a full batch, ms; absent where calls are not joined. */
  readonly fullBatchMs?: number;
  /** True of the setting that runners use from now on. */
  readonly chosen: boolean;
}

/** What a calibration found. */
export interface CalibrationReport {
  /** Items in a full batch. */
  readonly batchSize: number;
  /** Each setting that was tried. */
  readonly settings: readonly MeasuredSetting[];
}

/**
 * What the module of an adapter may export as `calibrate`, for `bentoml calibrate`: measures a model in the settings of its engine,
 * and keeps the best for this machine, so that runners with the same options use it from then on.
 */
export type Calibrate = (tag: Tag | string, options: RunnerOptions & { readonly store?: ModelStore }) => Promise<CalibrationReport>;
