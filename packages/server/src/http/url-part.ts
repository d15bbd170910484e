import { invalidRequest } from "../protocol/invalid-request.js";

/** A part of a URL's path without its escapes. Throws InvalidArgumentError (400) when they are wrong. */
export function decodedUrlPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalidRequest(`"${part.slice(0, 80)}" in the URL is not correctly percent-encoded`);
  }
}
