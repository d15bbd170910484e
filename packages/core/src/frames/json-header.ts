import { isUtf8, type Buffer } from "node:buffer";
import type { JsonValue } from "../containers/index.js";
import type { FrameLimits } from "./frame-limits.js";
import { malformed, tooLarge } from "./malformed.js";

export type JsonRecord = Readonly<Record<string, JsonValue | undefined>>;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_RECORD = 0x7b;
const CLOSE_RECORD = 0x7d;

/**
 * JSON that came over a wire, as a record: the bytes from `start` to `end`.
 *
 * @throws InvalidArgumentError when it is too long or too deep, or no JSON record in UTF-8.
 */
export function parseHeader(bytes: Buffer, start: number, end: number, limits: FrameLimits): JsonRecord {
  if (end - start > limits.maxHeaderBytes) throw tooLarge("bytes of header", end - start, limits.maxHeaderBytes, "maxHeaderBytes");
  const { brackets, ascii } = glance(bytes, start, end);
  // Nothing deep is ever built. A text with few brackets, as of nearly every header, needs no closer look.
  if (brackets > limits.maxHeaderDepth) checkDepth(bytes.subarray(start, end), limits.maxHeaderDepth);
  if (!ascii && !isUtf8(bytes.subarray(start, end))) throw malformed("its header is not UTF-8");
  // Latin 1 reads ASCII just the same, and faster.
  const value = parseJson(bytes.toString(ascii ? "latin1" : "utf8", start, end));
  if (!isRecord(value)) throw malformed("its header is not a JSON record");
  return value;
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A copy that shares nothing with the record. */
export function copyOf(record: Record<string, JsonValue>): Record<string, JsonValue> {
  const copy = { ...record };
  // Each name is its own already: so none of them, "__proto__" neither, is more than a name.
  for (const name in copy) copy[name] = copyOfValue(copy[name] as JsonValue);
  return copy;
}

function copyOfValue(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? value.map(copyOfValue) : copyOf(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(`its header is not JSON: ${(cause as Error).message}`, cause);
  }
}

/** One pass over the text for what most headers need no second one for. */
function glance(bytes: Uint8Array, start: number, end: number): { readonly brackets: number; readonly ascii: boolean } {
  let brackets = 0;
  let bits = 0;
  for (let index = start; index < end; index++) {
    const byte = bytes[index] as number;
    bits |= byte;
    if (isOpening(byte)) brackets++;
  }
  return { brackets, ascii: bits < 0x80 };
}

/** Counts brackets outside of strings. Text that is no JSON is left to the parser. */
function checkDepth(bytes: Uint8Array, limit: number): void {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] as number;
    if (byte === QUOTE) inString = !inString;
    else if (inString) index += byte === BACKSLASH ? 1 : 0;
    else if (isClosing(byte)) depth--;
    else if (isOpening(byte) && ++depth > limit) throw tooLarge("levels of header", depth, limit, "maxHeaderDepth");
  }
}

/** "[" and "{" differ in this one bit, and so do "]" and "}". */
const CASE_BIT = 0x20;

function isOpening(byte: number): boolean {
  return (byte | CASE_BIT) === OPEN_RECORD;
}

function isClosing(byte: number): boolean {
  return (byte | CASE_BIT) === CLOSE_RECORD;
}
