/**
 * `JSON.parse` rounds integers beyond 2^53. This rewrites a JSON text so that each integer literal of 16 digits or more
 * becomes a string of its digits; parsed again, the tree has the exact digits where the first one has a rounded number.
 * Only requests that really carry such numbers pay for it. Literals with a fraction or an exponent stay as they are.
 */
export function quoteLongIntegers(json: string): string {
  let result = "";
  let copied = 0;
  let position = 0;
  while (position < json.length) {
    const code = json.charCodeAt(position);
    if (code === QUOTE) {
      position = endOfString(json, position);
    } else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(json, position);
      if (end - position >= SHORTEST_UNSAFE && isInteger(json, position, end)) {
        result += `${json.slice(copied, position)}"${json.slice(position, end)}"`;
        copied = end;
      }
      position = end;
    } else {
      position++;
    }
  }
  return result + json.slice(copied);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const PLUS = 0x2b;
const DOT = 0x2e;
/** 2^53 has 16 digits. */
const SHORTEST_UNSAFE = 16;

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isExponent(code: number): boolean {
  return code === 0x65 || code === 0x45;
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

function endOfNumber(json: string, start: number): number {
  let position = start + 1;
  while (position < json.length) {
    const code = json.charCodeAt(position);
    if (!isDigit(code) && code !== DOT && code !== MINUS && code !== PLUS && !isExponent(code)) break;
    position++;
  }
  return position;
}

function isInteger(json: string, start: number, end: number): boolean {
  for (let position = start + 1; position < end; position++) {
    if (!isDigit(json.charCodeAt(position))) return false;
  }
  return true;
}
