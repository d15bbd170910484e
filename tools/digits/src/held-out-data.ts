import { fileURLToPath } from "node:url";
import { readDigits, type DigitSet } from "./digit-set.js";

/** The digits that the model never saw, to measure it by. */
export const heldOutPath: string = fileURLToPath(new URL("../data/held-out.csv", import.meta.url));

export function readHeldOut(): DigitSet {
  return readDigits(heldOutPath);
}
