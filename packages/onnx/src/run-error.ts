import { InvalidArgumentError, ModelRunError, type BentoMLError, type NamedTensors } from "bentoml-core";
import { textOf } from "./open-session.js";

/** The engine has no error codes: these are its texts for inputs that do not fit the graph. */
const inputFault = /^(Got invalid dimensions for input|Invalid rank for input|Unexpected input data type|input '.*' is missing)|must be a string/;

/** The engine's error with the model's tag and the shapes that it got. */
export function explainRunError(error: unknown, tag: string, feeds: NamedTensors): BentoMLError {
  const text = textOf(error);
  const shapes = Object.entries(feeds).map(([name, array]) => `${name} ${array.dtype} [${array.shape.join(", ")}]`);
  const message = `${tag} failed on ${shapes.join(", ")}: ${text}`;
  return inputFault.test(text)
    ? new InvalidArgumentError(message, { cause: error })
    : new ModelRunError(message, { cause: error });
}
