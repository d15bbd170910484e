import type { Category } from "./steps.js";

/** What `fit` has learnt of a column. Numbers are float64, which JSON keeps to the bit. */
interface FittedColumn {
  readonly column: string;
}

export interface FittedSelect {
  readonly kind: "select";
  readonly columns: readonly string[];
}

export interface FittedFill {
  readonly kind: "fill";
  readonly fitted: readonly (FittedColumn & { readonly value: number | string | boolean })[];
}

/** `(value - mean) / scale`, as scikit-learn computes it. */
export interface FittedStandardScaler {
  readonly kind: "standardScaler";
  readonly fitted: readonly (FittedColumn & { readonly mean: number; readonly scale: number })[];
}

/** `value * scale + offset`, as scikit-learn computes it. */
export interface FittedMinMaxScaler {
  readonly kind: "minMaxScaler";
  /** Between which results are kept; undefined where nothing is cut off. */
  readonly clip?: readonly [number, number];
  readonly fitted: readonly (FittedColumn & { readonly scale: number; readonly offset: number })[];
}

export interface FittedOneHot {
  readonly kind: "oneHot";
  readonly unknown: "error" | "ignore";
  readonly fitted: readonly (FittedColumn & { readonly categories: readonly Category[] })[];
}

export interface FittedOrdinal {
  readonly kind: "ordinal";
  readonly unknown: "error" | number;
  readonly fitted: readonly (FittedColumn & { readonly categories: readonly Category[] })[];
}

/** A step and what it has learnt. */
export type FittedStep = FittedSelect | FittedFill | FittedStandardScaler | FittedMinMaxScaler | FittedOneHot | FittedOrdinal;
