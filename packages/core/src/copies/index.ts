/**
 * What several installed copies of this package have in common when one program loads them: marks by which each knows the others'
 * values, and the little state of which there must be one. Used by the rooms above; it uses `errors`.
 */
export { COPIES_CONTRACT, isOfAnotherContract } from "./brand.js";
export { coreVersion } from "./core-version.js";
export { sharedPart } from "./shared-part.js";
