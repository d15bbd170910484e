import { inspect } from "node:util";
import { InvalidArgumentError } from "../errors/index.js";

/** A setting that cannot be used. It is nobody's request that is wrong, so a server answers 500. */
export function configurationError(message: string, cause?: unknown): InvalidArgumentError {
  return new InvalidArgumentError(message, { code: "INVALID_CONFIGURATION", httpStatus: 500, cause });
}

/** A value as an error shows it, on one line and not too long. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 5 });
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
