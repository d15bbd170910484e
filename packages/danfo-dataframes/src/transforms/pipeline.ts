import { InvalidArgumentError, isBentoMLError } from "bentoml-core";
import { DataFrame, type DataFrameInput } from "../data-frame.js";
import type { Table } from "../table.js";
import { checkRecipe } from "./check-recipe.js";
import type { FittedStep } from "./fitted-steps.js";
import { FittedPipeline } from "./fitted-pipeline.js";
import { inputColumns, kindOf, type PipelineInput } from "./input-columns.js";
import { applyStep, columnsRead, fitStep } from "./step-table.js";
import type { PipelineRecipe } from "./steps.js";

/** Steps that are fitted one after the other, each to what the one before it leaves, as scikit-learn's `Pipeline` does. */
export class Pipeline {
  /** What it is made of, with defaults filled in. */
  readonly recipe: Required<PipelineRecipe>;

  /** @throws InvalidArgumentError that names the field's path, its value and what is allowed. */
  constructor(recipe: PipelineRecipe) {
    this.recipe = checkRecipe(recipe);
  }

  /**
   * What the steps learn of a frame. Whole numbers of every dtype count as float64.
   *
   * @throws InvalidArgumentError that names the step and the column: one that is not there, has nothing to learn of, or values of
   *   another kind; an infinite number; a column of text or dates in the end when the output is an array.
   */
  fit(frame: DataFrameInput): FittedPipeline {
    const { table: given } = DataFrame.from(frame);
    const all = given.names.map((name, place): PipelineInput => ({ name, kind: kindOf(given.columns[place]?.dtype ?? "float64") }));
    let table = inputColumns({ ...given, origins: undefined }, all);
    if (table.rows === 0) throw new InvalidArgumentError("A pipeline cannot be fitted to a frame without rows.");
    const steps: FittedStep[] = [];
    for (const [place, step] of this.recipe.steps.entries()) {
      try {
        const fitted = fitStep(step, table);
        table = applyStep(fitted, table);
        steps.push(fitted);
      } catch (cause) {
        throw isBentoMLError(cause) ? new InvalidArgumentError(`recipe.steps[${place}] (${step.kind}): ${cause.message}`, { cause }) : cause;
      }
    }
    const { output } = this.recipe;
    checkOutput(table, output);
    // Values so large that a sum of them is infinite are found here.
    return FittedPipeline.fromJSON({ inputs: inputsOf(all, steps, table.names), steps, output, columns: table.names });
  }
}

function checkOutput({ names, columns }: Table, output: Required<PipelineRecipe>["output"]): void {
  if (names.length === 0) throw new InvalidArgumentError("The pipeline leaves no column.");
  if (output === "dataframe") return;
  const place = columns.findIndex(({ dtype }) => dtype === "string" || dtype === "datetime");
  if (place < 0) return;
  throw new InvalidArgumentError(
    `Column "${String(names[place])}" is of dtype ${String(columns[place]?.dtype)} after the last step and cannot be in an array: encode it, leave it out with "select", or set recipe.output to "dataframe".`,
  );
}

/** The columns that a step or the answer needs; those that `select` leaves out unread are not needed. */
function inputsOf(all: readonly PipelineInput[], steps: readonly FittedStep[], left: readonly string[]): PipelineInput[] {
  const needed = new Set<string>();
  let original = new Set(all.map(({ name }) => name));
  for (const step of steps) {
    const read = columnsRead(step);
    if (step.kind === "select") original = new Set(read.filter((name) => original.has(name)));
    else for (const name of read) if (original.has(name)) needed.add(name);
    if (step.kind === "oneHot") for (const name of read) original.delete(name);
  }
  for (const name of left) if (original.has(name)) needed.add(name);
  return all.filter(({ name }) => needed.has(name));
}
