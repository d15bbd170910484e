/**
 * Reads JSON as Triton writes it: with bare NaN, Infinity and -Infinity, which become strings of these names, and with integers of 16
 * digits and more, which `JSON.parse` would round and which become strings of their digits.
 *
 * @throws SyntaxError for what is no JSON even so.
 */
export function parseExactly(json: string): unknown {
  return JSON.parse(quoteUnusual(json));
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const UPPER_I = 0x49;
const UPPER_N = 0x4e;
/** 2^53 has 16 digits. */
const SHORTEST_UNSAFE = 16;
const NUMBER = /-?(?:Infinity|\d+(\.\d+)?([eE][+-]?\d+)?)/y;

function quoteUnusual(json: string): string {
  let result = "";
  let copied = 0;
  let position = 0;
  while (position < json.length) {
    const code = json.charCodeAt(position);
    if (code === QUOTE) {
      position = endOfString(json, position);
      continue;
    }
    const end = endOfLiteral(json, position, code);
    if (isUnusual(json, position, end)) {
      result += `${json.slice(copied, position)}"${json.slice(position, end)}"`;
      copied = end;
    }
    position = Math.max(end, position + 1);
  }
  return result + json.slice(copied);
}

function endOfString(json: string, start: number): number {
  let position = start + 1;
  while (position < json.length) {
    const code = json.charCodeAt(position);
    if (code === QUOTE) return position + 1;
    position += code === BACKSLASH ? 2 : 1;
  }
  return position;
}

/** The end of the number or NaN that begins here; the same place when none does. */
function endOfLiteral(json: string, start: number, code: number): number {
  if (code === UPPER_N) return json.startsWith("NaN", start) ? start + 3 : start;
  if (code !== MINUS && code !== UPPER_I && !(code >= 0x30 && code <= 0x39)) return start;
  NUMBER.lastIndex = start;
  return NUMBER.test(json) ? NUMBER.lastIndex : start;
}

function isUnusual(json: string, start: number, end: number): boolean {
  if (end === start) return false;
  const last = json.charCodeAt(end - 1);
  // NaN and Infinity end with a letter.
  if (last > 0x39) return true;
  return end - start >= SHORTEST_UNSAFE && /^-?\d+$/.test(json.slice(start, end));
}
