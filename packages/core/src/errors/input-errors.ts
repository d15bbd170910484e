import { BentoMLError, type BentoMLErrorOptions } from "./bentoml-error.js";

/** The caller gave a value that cannot be used: wrong dtype, shape, name or option. HTTP 400. */
export class InvalidArgumentError extends BentoMLError {
  constructor(message: string, options: BentoMLErrorOptions = {}) {
    super(message, { code: "INVALID_ARGUMENT", httpStatus: 400, ...options });
  }
}

/** Something that was asked for by name does not exist. HTTP 404. */
export class NotFoundError extends BentoMLError {
  constructor(message: string, options: BentoMLErrorOptions = {}) {
    super(message, { code: "NOT_FOUND", httpStatus: 404, ...options });
  }
}
