import { InvalidArgumentError, isBentoMLError, ModelRunError } from "bentoml-core";

/** The image itself is at fault: empty, no image, cut short, damaged. HTTP 400, code `INVALID_IMAGE`. */
export function invalidImage(message: string, cause?: unknown): InvalidArgumentError {
  return new InvalidArgumentError(message, { code: "INVALID_IMAGE", cause });
}

/** More bytes, pixels or frames than the recipe's `limits`. HTTP 413, code `IMAGE_TOO_LARGE`. */
export function imageTooLarge(what: string, found: number, limit: string, allowed: number): InvalidArgumentError {
  return new InvalidArgumentError(
    `The image has ${found.toLocaleString("en")} ${what}, and the recipe takes at most ${allowed.toLocaleString("en")}: make it smaller, or save a recipe with a higher limits.${limit}.`,
    { code: "IMAGE_TOO_LARGE", httpStatus: 413 },
  );
}

/** An image of a kind that the recipe does not take. HTTP 415, code `UNSUPPORTED_IMAGE`. */
export function unsupportedImage(message: string): InvalidArgumentError {
  return new InvalidArgumentError(message, { code: "UNSUPPORTED_IMAGE", httpStatus: 415 });
}

/** What libvips says when a file is cut short, one loader in these words and another in those. */
const truncation = /premature end|truncated|not enough data|read error|unexpected end|end of (file|stream|data)|incomplete|EOF/i;

/** What sharp threw while it read an image, as an error that tells whose fault it is. */
export function explainReadFailure(error: unknown): Error {
  if (isBentoMLError(error)) return error;
  const text = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  if (/exceeds pixel limit/i.test(text)) {
    return new InvalidArgumentError(`The image has more pixels than the recipe's limits.maxPixels: make it smaller, or save a recipe with a higher limit.`, {
      code: "IMAGE_TOO_LARGE",
      httpStatus: 413,
      cause: error,
    });
  }
  const what = truncation.test(text) ? "is cut short" : "cannot be read";
  return invalidImage(`The image ${what}: ${text}. Send the whole file as it is.`, error);
}

/** What sharp threw while it wrote an image. */
export function explainWriteFailure(error: unknown): Error {
  if (isBentoMLError(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new ModelRunError(`sharp cannot write the image: ${text}`, { cause: error });
}
