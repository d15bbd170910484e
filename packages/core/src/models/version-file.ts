import { readFileSync } from "node:fs";
import { isTagPart } from "./model-folders.js";

/** The version that a small file such as `latest` tells; `undefined` if there is no such file or it holds no version. */
export function readVersionFile(file: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
  return isTagPart(text) ? text : undefined;
}
