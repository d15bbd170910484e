/**
 * How a plain value is written: as JSON, in which what JSON cannot say is a tagged object `{ "$": kind, … }`, and numbers in
 * bulk are in buffers of their own. Records that could be taken for a tag, or would set a prototype, are tagged themselves.
 */
export const TAG = "$";

/** Names that make a record unsafe to write as a JSON object. */
export const UNSAFE_NAMES: ReadonlySet<string> = new Set([TAG, "__proto__"]);

/** Values may be nested so deep; neither side then runs out of stack. */
export const MOST_LEVELS = 500;

export type TaggedValue =
  | { readonly $: "undefined" }
  | { readonly $: "number"; readonly value: "NaN" | "Infinity" | "-Infinity" | "-0" }
  | { readonly $: "bigint"; readonly hex: string }
  | { readonly $: "date"; readonly ms: number | null }
  | { readonly $: "map"; readonly entries: unknown[] }
  | { readonly $: "set"; readonly items: unknown[] }
  | { readonly $: "record"; readonly entries: unknown[] }
  /** A typed array in the buffer of that number. */
  | { readonly $: "typed"; readonly class: string; readonly buffer: number }
  /** An NdArray whose buffers begin with that number. */
  | { readonly $: "ndarray"; readonly dtype: string; readonly shape: number[]; readonly buffer: number };
