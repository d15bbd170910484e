import type { Ability } from "./ability.js";
import type { Workshop } from "./workshop.js";

/** One law of the contract, tested by itself. */
export interface Check {
  /** Reads as a sentence; the name of the test. */
  readonly law: string;
  /** Skipped when one of these is left out. */
  readonly needs?: readonly Ability[];
  /** Throws AdapterContractError when the law is broken. */
  readonly run: (workshop: Workshop) => Promise<void>;
}
