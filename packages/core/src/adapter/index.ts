/** What an adapter package is made with, and how the adapter of a stored model is found. The uppermost room; nobody in core uses it. */
export { argumentsByName } from "./arguments-by-name.js";
export type { Calibrate, CalibrationReport, MeasuredSetting } from "./calibration-report.js";
export {
  AdapterModel,
  defineAdapter,
  type Adapter,
  type AdapterDefinition,
  type CommonSaveOptions,
} from "./define-adapter.js";
export { inputArray, type WantedArray } from "./input-array.js";
export { declareModelTypes, type DeclaredModel, type DeclaredTensor } from "./model-type-declaration.js";
export { resolveAdapter, type AdapterClue } from "./resolve-adapter.js";
