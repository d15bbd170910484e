import { BentoMLError, type BentoMLErrorOptions } from "./bentoml-error.js";
import * as inputErrors from "./input-errors.js";
import * as modelErrors from "./model-errors.js";
import * as runnerErrors from "./runner-errors.js";

export type BentoMLErrorClass = new (message: string, options?: BentoMLErrorOptions) => BentoMLError;

const classes: ReadonlyMap<string, BentoMLErrorClass> = new Map(Object.entries({ ...inputErrors, ...modelErrors, ...runnerErrors }));

/** The class of an error that came from another thread, process or host: BentoMLError itself for an adapter's own, which only its code tells. */
export function errorClassNamed(name: string): BentoMLErrorClass {
  return classes.get(name) ?? BentoMLError;
}
