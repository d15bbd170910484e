import { describeJson, invalidRequest, quoted } from "./invalid-request.js";

/** More dimensions than any engine takes; it bounds the recursion over nested data. */
const HIGHEST_RANK = 64;

/** Checks a request's `shape`: an array of non-negative whole numbers. */
export function readShape(shape: unknown, input: string): readonly number[] {
  if (!Array.isArray(shape)) {
    throw invalidRequest(`input ${quoted(input)}: "shape" must be an array of numbers, it is ${describeJson(shape)}`);
  }
  if (shape.length > HIGHEST_RANK) {
    throw invalidRequest(`input ${quoted(input)}: "shape" has ${shape.length} dimensions, at most ${HIGHEST_RANK} are allowed`);
  }
  for (let dimension = 0; dimension < shape.length; dimension++) {
    const length: unknown = shape[dimension];
    if (typeof length !== "number" || !Number.isSafeInteger(length) || length < 0) {
      throw invalidRequest(
        `input ${quoted(input)}: dimension ${dimension} of "shape" must be a whole number of 0 or more, it is ${describeJson(length)}`,
      );
    }
  }
  return shape as number[];
}

/**
 * Elements that a shape asks for. A product beyond 2^53 is inexact (or NaN for infinity times zero), but then it also
 * differs from the length of any data that fits into memory, which is what callers compare it with before they allocate.
 */
export function elementCount(shape: readonly number[]): number {
  let count = 1;
  for (let dimension = 0; dimension < shape.length; dimension++) count *= shape[dimension] as number;
  return count;
}
