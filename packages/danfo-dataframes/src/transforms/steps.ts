/** Which columns a step works on; all that there are then, unless given. */
interface Columns {
  readonly columns?: readonly string[];
}

/** Keeps these columns, in this order. */
export interface SelectColumns {
  /** Which step it is. */
  readonly kind: "select";
  /** Names of the columns to keep. */
  readonly columns: readonly string[];
}

/** Fills what is missing (null, and NaN among numbers). `value` for one of your own; `mean` and `median` are of numbers only. */
export interface FillValues extends Columns {
  /** Which step it is. */
  readonly kind: "fill";
  /** Ties of `mostFrequent` go to the smallest. Default `mean`, unless there is a `value`. */
  readonly strategy?: "mean" | "median" | "mostFrequent";
  /** What is put in; must be of the columns' kind. */
  readonly value?: number | string | boolean;
}

/** `(value - mean) / standard deviation`, by the population's deviation; 1 for a column of one value. */
export interface StandardScaler extends Columns {
  /** Which step it is. */
  readonly kind: "standardScaler";
  /** Default true. */
  readonly withMean?: boolean;
  /** Default true. */
  readonly withStd?: boolean;
}

/** From what the smallest and the largest value were to `range`. */
export interface MinMaxScaler extends Columns {
  /** Which step it is. */
  readonly kind: "minMaxScaler";
  /** Default [0, 1]. */
  readonly range?: readonly [number, number];
  /** Keeps larger and smaller values than those seen within the range. Default false. */
  readonly clip?: boolean;
}

/** A value that a column of categories may have; null stands for what is missing. */
export type Category = string | number | boolean | null;

/** Categories in the order that they shall have, by column. Those found, sorted, unless given. */
export type CategoryLists = Readonly<Record<string, readonly Category[]>>;

/** A column of 0 and 1 for each category, called `<column>_<category>`, in the place of the column. */
export interface OneHotEncoder extends Columns {
  /** Which step it is. */
  readonly kind: "oneHot";
  /** The categories of each column. Default: those that `fit` sees, sorted. */
  readonly categories?: CategoryLists;
  /** What a category that `fit` has not seen becomes: an error, or zeros in all columns. Default "error". */
  readonly unknown?: "error" | "ignore";
}

/** The number of the category, from 0. What is missing stays so. */
export interface OrdinalEncoder extends Columns {
  /** Which step it is. */
  readonly kind: "ordinal";
  /** The categories of each column. Default: those that `fit` sees, sorted. */
  readonly categories?: CategoryLists;
  /** What a category that `fit` has not seen becomes: an error, or this number. Default "error". */
  readonly unknown?: "error" | number;
}

/** A step of a pipeline. */
export type Step = SelectColumns | FillValues | StandardScaler | MinMaxScaler | OneHotEncoder | OrdinalEncoder;

/** How a pipeline answers: an array [rows, columns] for a model, or a frame. */
export type PipelineOutput = "float32" | "float64" | "dataframe";

/** What a pipeline is made of; plain data. */
export interface PipelineRecipe {
  /** In the order in which they are taken. */
  readonly steps: readonly Step[];
  /** Default "float32". */
  readonly output?: PipelineOutput;
}
