import { InvalidArgumentError } from "../errors/index.js";

/** Calls of one bundle that nobody wants any more. */
export interface Cancellation {
  /** The bundle's name. */
  readonly bundle: string;
  /** Their places in it. */
  readonly calls: readonly number[];
}

const BUNDLE = /^[\w-]{16,64}$/;
const PLACES = /^\d{1,3}(?:\.\d{1,3})*$/;

/** Whether the text can name a bundle: long enough to be beyond guessing, and fit for a header. */
export function isBundleName(text: string | undefined): text is string {
  return text !== undefined && BUNDLE.test(text);
}

/** The value of the header `Bento-Cancel`: `<bundle>:0.5.17,<bundle>:3`. */
export function cancellationText(cancellations: readonly Cancellation[]): string {
  return cancellations.map(({ bundle, calls }) => `${bundle}:${calls.join(".")}`).join(",");
}

/**
 * The inverse of `cancellationText`.
 *
 * @throws InvalidArgumentError for a text that `cancellationText` does not write.
 */
export function cancellationsOf(text: string): readonly Cancellation[] {
  return text.split(",").map((part) => {
    const [bundle, places, ...more] = part.split(":");
    if (!isBundleName(bundle) || places === undefined || !PLACES.test(places) || more.length > 0) {
      throw new InvalidArgumentError(`Bento-Cancel must be bundles with the places of their calls, as in "8f14e45fceea167a:0.5.17", not ${JSON.stringify(part.slice(0, 100))}.`);
    }
    return { bundle, calls: places.split(".").map(Number) };
  });
}
