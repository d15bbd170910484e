import { fileURLToPath } from "node:url";
import { readDigits, type DigitSet } from "./digit-set.js";

/** The only data that the model may learn from. */
export const trainingPath: string = fileURLToPath(
  new URL("../data/training.csv", import.meta.url),
);

export function readTraining(): DigitSet {
  return readDigits(trainingPath);
}
