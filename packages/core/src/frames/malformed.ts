import { InvalidArgumentError } from "../errors/index.js";

const MOST_CHARACTERS = 100;

/** @param why what is wrong, as the end of a sentence */
export function malformed(why: string, cause?: unknown): InvalidArgumentError {
  return new InvalidArgumentError(`The message cannot be read: ${why}.`, cause === undefined ? {} : { cause });
}

/** A limit was passed: the number, and the option that raises it. */
export function tooLarge(what: string, found: number, limit: number, option: string): InvalidArgumentError {
  return new InvalidArgumentError(`The message is too large: ${String(found)} ${what}, but ${String(limit)} is the most (${option}).`);
}

/** What a stranger sent, cut short: it must not fill the log. */
export function shown(value: unknown): string {
  const text = (JSON.stringify(value) as string | undefined) ?? typeof value;
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
