import { BentoMLError } from "./bentoml-error.js";

/** Throws when a condition that our own code must guarantee does not hold, so that a log tells our fault from the user's. */
export function invariant(condition: unknown, what: string): asserts condition {
  if (!condition) {
    throw new BentoMLError(`This is a bug in bentoml, please report it: ${what}`, { code: "INTERNAL" });
  }
}
