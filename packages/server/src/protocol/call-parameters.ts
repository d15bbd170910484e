import type { Priority } from "bentoml-core";
import { describeJson, invalidRequest } from "./invalid-request.js";

/** What a request's `parameters` say of the call as a whole. */
export interface CallParameters {
  readonly priority: Priority | undefined;
  /** Milliseconds; undefined where the client leaves it to the server. */
  readonly timeoutMs: number | undefined;
}

/** Those of most requests. */
export const NO_CALL_PARAMETERS: CallParameters = { priority: undefined, timeoutMs: undefined };
const MICROSECONDS = 1000;

/**
 * Reads `priority` (Triton's: 1 is before all others, 0 is the default; here 2 is normal and any more are low) and `timeout`
 * (microseconds, 0 for none) of a request. Others are left to whom they concern.
 */
export function readCallParameters(parameters: unknown): CallParameters {
  if (typeof parameters !== "object" || parameters === null) return NO_CALL_PARAMETERS;
  const { priority, timeout } = parameters as Readonly<Record<string, unknown>>;
  if (priority === undefined && timeout === undefined) return NO_CALL_PARAMETERS;
  const microseconds = wholeNumber("timeout", timeout) ?? 0;
  return { priority: priorityOf(wholeNumber("priority", priority) ?? 0), timeoutMs: microseconds === 0 ? undefined : microseconds / MICROSECONDS };
}

function priorityOf(level: number): Priority | undefined {
  if (level === 0) return undefined;
  if (level === 1) return "high";
  return level === 2 ? "normal" : "low";
}

/** Some clients write 64-bit numbers as text. */
function wholeNumber(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) return number;
  throw invalidRequest(`the parameter "${name}" must be a whole number of 0 or more, it is ${describeJson(value)}`);
}
