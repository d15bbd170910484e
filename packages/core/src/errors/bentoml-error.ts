/** Marks our errors across copies of this package: `instanceof` fails between two installed copies, a registered symbol does not. */
const BRAND: unique symbol = Symbol.for("bentoml.error") as never;

export interface BentoMLErrorOptions {
  /** Stable machine-readable code such as `MODEL_NOT_FOUND`. */
  readonly code?: string;
  /** HTTP status that a server answers with. */
  readonly httpStatus?: number;
  readonly cause?: unknown;
  /** For 503: milliseconds after which a retry makes sense. */
  readonly retryAfterMs?: number;
}

/**
 * Base of every error that this project throws on purpose. `code` is stable API, `httpStatus` is what a server answers,
 * the message names the value that was wrong and the way to mend it.
 */
export class BentoMLError extends Error {
  readonly code: string;
  readonly httpStatus: number;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: BentoMLErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code ?? "BENTOML_ERROR";
    this.httpStatus = options.httpStatus ?? 500;
    this.retryAfterMs = options.retryAfterMs;
    Object.defineProperty(this, BRAND, { value: true, enumerable: false });
  }
}

/** True for an error of this project, also one made by another installed copy of it. */
export function isBentoMLError(value: unknown): value is BentoMLError {
  return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
}
