import type { NdArray, Params, RunnerMethod, TypedRunner } from "bentoml-core";
import type { Rows } from "./rows.js";

/** What a call may give: float32 ["batch", columns] in one of these forms, by its name in a record, or `kwargs({ rows })`. */
export type RowsInput = NdArray | Rows | readonly (readonly number[])[] | { readonly rows: NdArray | Rows } | Params;

/** A runner of a model of __Title__: answers float32 ["batch"], a score for each row. */
export type __Framework__Runner = TypedRunner<{ readonly run: RunnerMethod<readonly [RowsInput], NdArray<"float32">> }>;
