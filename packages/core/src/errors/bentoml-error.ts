/** Marks our errors across copies of this package: `instanceof` fails between two installed copies, a registered symbol does not. */
const BRAND: unique symbol = Symbol.for("bentoml.error") as never;

/** What an error says besides its message. */
export interface BentoMLErrorOptions {
  /** Stable machine-readable code such as `MODEL_NOT_FOUND`. */
  readonly code?: string;
  /** HTTP status that a server answers with. */
  readonly httpStatus?: number;
  /** What led to it, as for every `Error`. */
  readonly cause?: unknown;
  /** For 503: milliseconds after which a retry makes sense. */
  readonly retryAfterMs?: number;
}

/**
 * Base of every error that this project throws on purpose. `code` is stable API, `httpStatus` is what a server answers,
 * the message names the value that was wrong and the way to mend it.
 */
export class BentoMLError extends Error {
  /** Stable and machine-readable, such as `MODEL_NOT_FOUND`. Default `BENTOML_ERROR`. */
  readonly code: string;
  /** HTTP status that a server answers with. Default 500. */
  readonly httpStatus: number;
  /** Milliseconds after which a retry makes sense; undefined where nobody knows. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: BentoMLErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code ?? "BENTOML_ERROR";
    this.httpStatus = options.httpStatus ?? 500;
    this.retryAfterMs = options.retryAfterMs;
    Object.defineProperty(this, BRAND, { value: true, enumerable: false });
  }

  /** `instanceof` holds for an error of another installed copy of this package too, whose class or a parent of it has this one's name. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    if (isInstance(this, value)) return true;
    return isBentoMLError(value) && !isInstance(BentoMLError, value) && classNames(value).includes(this.name);
  }
}

/** What `instanceof` means for any class. */
function isInstance(errorClass: object, value: unknown): boolean {
  return Function.prototype[Symbol.hasInstance].call(errorClass, value);
}

function classNames(value: object): string[] {
  const names: string[] = [];
  for (let prototype: unknown = Object.getPrototypeOf(value); prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    names.push((prototype as object).constructor.name);
  }
  return names;
}

/** True for an error of this project, also one made by another installed copy of it. */
export function isBentoMLError(value: unknown): value is BentoMLError {
  return typeof value === "object" && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
}
