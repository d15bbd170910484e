import type { Dtype } from "./dtype.js";

/** What a model says about one of its inputs or outputs. */
export interface TensorSpec {
  /** The name by which it is given, or given back. */
  readonly name: string;
  /** Type of its elements. */
  readonly dtype: Dtype;
  /** A number is the size of the dim, -1 a size that is not known, a string a size that is equal wherever its name appears. */
  readonly shape: readonly (number | string)[];
}
