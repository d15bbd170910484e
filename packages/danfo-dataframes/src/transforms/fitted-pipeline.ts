import { InvalidArgumentError, type NdArray } from "bentoml-core";
import { columnsAsArray } from "../column-numbers.js";
import { DataFrame, type DataFrameInput } from "../data-frame.js";
import type { FrameLike } from "../foreign-frame.js";
import type { Table } from "../table.js";
import { checkFitted } from "./check-fitted.js";
import type { FittedStep } from "./fitted-steps.js";
import { inputColumns, type PipelineInput } from "./input-columns.js";
import { applyStep } from "./step-table.js";
import type { PipelineOutput } from "./steps.js";

/** What `fit` has learnt: plain data, that JSON keeps to the bit. */
export interface FittedRecipe {
  /** The columns that a frame must have. */
  readonly inputs: readonly PipelineInput[];
  /** In the order in which they are taken. */
  readonly steps: readonly FittedStep[];
  /** What `transform` answers with. */
  readonly output: PipelineOutput;
  /** Names of the columns of the answer, in order. */
  readonly columns: readonly string[];
}

/** A pipeline that has been fitted, to be used at once or saved as a model. */
export class FittedPipeline {
  constructor(
    /** What it has learnt. */
    readonly fitted: FittedRecipe,
  ) {}

  /**
   * The pipeline of what `toJSON` gave.
   *
   * @throws InvalidArgumentError that names the field's path, its value and what is allowed.
   */
  static fromJSON(value: unknown): FittedPipeline {
    return new FittedPipeline(checkFitted(value));
  }

  /** Names of the columns of the answer, as scikit-learn's `get_feature_names_out` has them. */
  get columns(): readonly string[] {
    return this.fitted.columns;
  }

  /**
   * The rows as the steps make them: an array [rows, columns], or a frame of the class that was given.
   *
   * @throws InvalidArgumentError for columns that are not there or of another kind, infinite numbers, and unknown categories.
   */
  transform(frame: DataFrameInput): NdArray<"float32"> | NdArray<"float64"> | FrameLike {
    const { steps, output } = this.fitted;
    const table = steps.reduce<Table>((before, step) => applyStep(step, before), this.inputsOf(frame).table);
    return output === "dataframe" ? new DataFrame(table).inCallersClass() : columnsAsArray(table, output);
  }

  /** The columns that the pipeline reads, as it reads them: what is checked and done before anything is computed. */
  inputsOf(frame: DataFrameInput): DataFrame {
    return new DataFrame(inputColumns(DataFrame.from(frame).table, this.fitted.inputs));
  }

  /** What it has learnt, as plain data. */
  toJSON(): FittedRecipe {
    return this.fitted;
  }
}

/** True for what `fit` gives. */
export function checkFittedPipeline(value: unknown): FittedPipeline {
  if (value instanceof FittedPipeline) return value;
  const hint = typeof value === "object" && value !== null && "fit" in value ? " fit it to a frame first: pipeline.fit(frame)." : " pass what pipeline.fit(frame) gives.";
  throw new InvalidArgumentError(`What was given is no fitted pipeline:${hint}`);
}
