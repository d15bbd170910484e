/**
 * Adaptive batching, without values and without threads: which calls may share a batch, when a free worker takes how many,
 * whom to refuse. Used by `handles`; uses `calls`, `clock` and `errors`. The policy is explained in `docs/batching.md`.
 */
export type { Batch } from "./batch.js";
export { BatchKey, type BatchingRules } from "./batch-key.js";
export { Batcher, type BatcherOptions, type BatchTarget, type Places } from "./batcher.js";
export { adaptivePolicy, fixedDelayPolicy, type BatchingPolicy } from "./policy.js";
export type { Decision, Situation } from "./decide.js";
