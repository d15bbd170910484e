/** The caller's side of a call's arguments: read once into shared rows and payloads, grouped by layout. Used by `pool` and `handles`. */
export type { BatchingRule } from "./argument-plan.js";
export type { BytesLoan } from "./shared-bytes.js";
export type { RowBlock } from "./row-block.js";
export type { StagedLayout } from "./staged-layout.js";
export { Stager, checkBatchSizes, type StagedArguments } from "./stager.js";
