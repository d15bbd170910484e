import { InvalidArgumentError } from "bentoml-core";

/** Levels of lists and records. What walks through a value, as schemas do, may have no room for more. */
const MOST_LEVELS = 500;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_RECORD = 0x7b;
const CLOSE_RECORD = 0x7d;

/** Throws 400 for JSON whose lists and records lie too deep in each other. */
export function checkDepth(json: string): void {
  let depth = 0;
  for (let position = 0; position < json.length; position++) {
    const code = json.charCodeAt(position);
    if (code === QUOTE) position = endOfString(json, position);
    else if (code === OPEN_LIST || code === OPEN_RECORD) depth++;
    else if (code === CLOSE_LIST || code === CLOSE_RECORD) depth--;
    if (depth > MOST_LEVELS) throw new InvalidArgumentError(`the body has more than ${MOST_LEVELS} levels of lists and records`);
  }
}

function endOfString(json: string, start: number): number {
  for (let position = start + 1; position < json.length; position++) {
    const code = json.charCodeAt(position);
    if (code === QUOTE) return position;
    if (code === BACKSLASH) position++;
  }
  return json.length;
}
