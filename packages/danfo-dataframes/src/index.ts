import type { AdapterModel, CommonSaveOptions, ModelStore, NdArray, RunnerMethod, RunnerOptions, Tag, TypedRunner } from "bentoml-core";
import { adapter as danfoAdapter } from "./danfo-adapter.js";
import type { DataFrameInput } from "./data-frame.js";
import type { FrameLike } from "./foreign-frame.js";
import type { FittedPipeline } from "./transforms/fitted-pipeline.js";

export type { CellValue, ColumnDtype } from "./column-dtype.js";
export { adapter, register } from "./danfo-adapter.js";
export { DataFrame, type ColumnRecord, type DataFrameInput } from "./data-frame.js";
export type { FrameLike } from "./foreign-frame.js";
export { Series, type SeriesInput } from "./series.js";
export type { RowLabel } from "./table.js";
export { FittedPipeline, type FittedRecipe } from "./transforms/fitted-pipeline.js";
export type { FittedStep } from "./transforms/fitted-steps.js";
export type { PipelineInput } from "./transforms/input-columns.js";
export { Pipeline } from "./transforms/pipeline.js";
export type {
  Category,
  FillValues,
  MinMaxScaler,
  OneHotEncoder,
  OrdinalEncoder,
  PipelineOutput,
  PipelineRecipe,
  SelectColumns,
  StandardScaler,
  Step,
} from "./transforms/steps.js";

/** What a pipeline answers with: an array, unless its recipe's `output` is "dataframe". */
type Answer = NdArray | FrameLike;

/** A runner of a fitted pipeline. */
export type TransformRunner<Result extends Answer = NdArray> = TypedRunner<{
  /** Rows as the steps make them: an array [rows, columns], or a frame of the class that was given. */
  readonly transform: RunnerMethod<readonly [frame: DataFrameInput], Result>;
}>;

/** A stored pipeline. */
export interface TransformModel<Result extends Answer = NdArray> extends Pick<AdapterModel, "stored" | "tag" | "path" | "info" | "toRunnable"> {
  /**
   * A runner of this pipeline, ready to be called: workers start with the first call.
   *
   * @throws InvalidArgumentError for options that cannot be met, InvalidModelError for a pipeline that cannot be used.
   */
  toRunner(options?: RunnerOptions): TransformRunner<Result>;
  /** The same pipeline with options for its runners; those given to `toRunner` win. */
  withOptions(options: RunnerOptions): TransformModel<Result>;
}

/** Where to look for a pipeline. */
export interface StoreOption {
  /** Default: the store under `$BENTOML_HOME`. */
  readonly store?: ModelStore;
}

/**
 * The pipeline of this tag. Synchronous and cheap. Its answers are arrays; write `get<FrameLike>(…)` for one whose output is a frame.
 *
 * @throws ModelNotFoundError, or NotFoundError when another adapter saved the model, which it names.
 */
export function get<Result extends Answer = NdArray>(tag: Tag | string, options?: StoreOption): TransformModel<Result> {
  return danfoAdapter.get(tag, options) as unknown as TransformModel<Result>;
}

/**
 * Saves a fitted pipeline as a model.
 *
 * @param name `iris-features`, or `iris-features:v1` for a version of your own.
 * @throws InvalidArgumentError for what is no fitted pipeline; ModelExistsError for a taken tag. Nothing is left in the store then.
 */
export async function saveModel<Result extends Answer = NdArray>(name: Tag | string, pipeline: FittedPipeline, options: CommonSaveOptions = {}): Promise<TransformModel<Result>> {
  return (await danfoAdapter.saveModel(name, pipeline, options)) as unknown as TransformModel<Result>;
}

/**
 * The pipeline in this thread, without a runner.
 *
 * @throws ModelNotFoundError, InvalidModelError.
 */
export async function loadModel(tag: Tag | string | Pick<TransformModel<Answer>, "stored">, options: StoreOption = {}): Promise<FittedPipeline> {
  return (await danfoAdapter.loadModel(tag as Parameters<typeof danfoAdapter.loadModel>[0], options)) as FittedPipeline;
}
