import { InvalidArgumentError } from "bentoml-core";

const LONGEST_QUOTE = 80;

/** A request that the client has to mend: answered with status 400 and this message. */
export function invalidRequest(message: string): InvalidArgumentError {
  return new InvalidArgumentError(message);
}

/** A value from the network as it may stand in a message: as JSON, and never long. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE)}...`;
}

/** What a JSON value is, for messages: "a string", "null", "an array". */
export function describeJson(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  return `the ${typeof value} ${quoted(value)}`;
}
