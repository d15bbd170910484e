import { InvalidArgumentError } from "bentoml-core";
import type { ReceivedContent } from "./descriptor.js";

/** Encodings whose bytes are those of UTF-8. */
const utf8Names: readonly string[] = ["utf-8", "utf8", "us-ascii", "ascii"];

/** The text of a body. Throws 400 for bytes that are no UTF-8, which the original answers with 500. */
export function textOf({ bytes, mediaType }: ReceivedContent): string {
  const charset = mediaType?.parameters["charset"]?.toLowerCase();
  if (charset !== undefined && !utf8Names.includes(charset)) {
    throw new InvalidArgumentError(`the body is said to be ${JSON.stringify(charset.slice(0, 40))}: send UTF-8`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new InvalidArgumentError("the body is not UTF-8", { cause });
  }
}

/** The value of a JSON body. `revive` as in JSON.parse. */
export function jsonOf(text: string, revive?: (key: string, value: unknown) => unknown): unknown {
  if (text.trim() === "") throw new InvalidArgumentError("the body is empty: send JSON");
  try {
    return JSON.parse(text, revive) as unknown;
  } catch (cause) {
    throw new InvalidArgumentError(`the body is not JSON: ${(cause as Error).message}`, { cause });
  }
}
