import { malformed, shown } from "./malformed.js";

/** Headers as `node:http` and `fetch` users have them; names in any case. */
export type HeaderRecord = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * A header's value, undefined when it is not there.
 *
 * @throws InvalidArgumentError when it is there more than once.
 */
export function headerOf(headers: HeaderRecord, name: string): string | undefined {
  const wanted = name.toLowerCase();
  const found: string[] = [];
  for (const key of Object.keys(headers)) {
    // Comparing lengths first spares lower-casing nearly all of them.
    if (key.length !== wanted.length || key.toLowerCase() !== wanted) continue;
    const value = headers[key];
    if (typeof value === "string") found.push(value);
    else if (value !== undefined) found.push(...value);
  }
  if (found.length > 1) throw malformed(`the header ${name} comes ${String(found.length)} times`);
  return found[0];
}

/**
 * A header's whole number.
 *
 * @throws InvalidArgumentError when it is missing, or no number that is exact.
 */
export function countOf(headers: HeaderRecord, name: string): number {
  const text = headerOf(headers, name);
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text);
  throw malformed(`the header ${name} must be a whole number, not ${shown(text)}`);
}
