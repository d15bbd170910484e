import { errorClassNamed, isBentoMLError } from "../errors/index.js";
import { isRecord, type JsonRecord } from "./json-header.js";
import { malformed, shown } from "./malformed.js";

/** A longer message is cut: the header of a frame is limited. */
const MOST_CHARACTERS = 10_000;

/** An error in the header of a frame: class, message, and what only ours have. Stacks and causes stay where they are. */
export function describeError(error: unknown): object {
  const { name, message }: { readonly name: unknown; readonly message: unknown } = error instanceof Error || isBentoMLError(error) ? error : { name: "Error", message: String(error) };
  const described = { class: String(name), message: shortened(String(message)) };
  if (!isBentoMLError(error)) return described;
  const { code, httpStatus, retryAfterMs } = error;
  return {
    ...described,
    code,
    ...(isStatus(httpStatus) ? { httpStatus } : {}),
    ...(isDuration(retryAfterMs) ? { retryAfterMs } : {}),
  };
}

/**
 * The error again: of its class if it is one of core's, a BentoMLError with its code if it is an adapter's, otherwise an
 * `Error` of that name.
 *
 * @throws InvalidArgumentError when the fields are not those of an error.
 */
export function readError(error: JsonRecord[string]): Error {
  if (!isRecord(error)) throw malformed(`its header's "error" is ${shown(error)}, not a record`);
  const { class: name, code, message, httpStatus, retryAfterMs } = error;
  if (typeof name !== "string" || typeof message !== "string") throw malformed("an error must have a class and a message");
  if (code === undefined) return Object.assign(new Error(message), { name });
  if (typeof code !== "string") throw malformed(`an error's code is ${shown(code)}, not a text`);
  if (httpStatus !== undefined && !isStatus(httpStatus)) throw malformed(`an error's httpStatus is ${shown(httpStatus)}, not 100 to 599`);
  if (retryAfterMs !== undefined && !isDuration(retryAfterMs)) throw malformed(`an error's retryAfterMs is ${shown(retryAfterMs)}, not a number of ms`);
  const errorClass = errorClassNamed(name);
  return new errorClass(message, { code, ...(httpStatus === undefined ? {} : { httpStatus }), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

function shortened(message: string): string {
  return message.length > MOST_CHARACTERS ? `${message.slice(0, MOST_CHARACTERS)}…` : message;
}

function isStatus(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 100 && (value as number) <= 599;
}

function isDuration(value: unknown): value is number {
  return Number.isFinite(value) && (value as number) >= 0;
}
