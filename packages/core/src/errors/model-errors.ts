import { BentoMLError, type BentoMLErrorOptions } from "./bentoml-error.js";
import { NotFoundError } from "./input-errors.js";

/** No such model in the store. */
export class ModelNotFoundError extends NotFoundError {
  constructor(message: string, options: BentoMLErrorOptions = {}) {
    super(message, { code: "MODEL_NOT_FOUND", ...options });
  }
}

/** The tag is taken: models of a store never change, so a save needs a new version. */
export class ModelExistsError extends BentoMLError {
  constructor(message: string, options: BentoMLErrorOptions = {}) {
    super(message, { code: "MODEL_EXISTS", httpStatus: 409, ...options });
  }
}

/** A model's files or its `model.yaml` cannot be used. */
export class InvalidModelError extends BentoMLError {
  constructor(message: string, options: BentoMLErrorOptions = {}) {
    super(message, { code: "INVALID_MODEL", httpStatus: 500, ...options });
  }
}

/** No installed package declares that it opens the model's `module`. */
export class AdapterNotFoundError extends BentoMLError {
  constructor(message: string, options: BentoMLErrorOptions = {}) {
    super(message, { code: "ADAPTER_NOT_FOUND", httpStatus: 500, ...options });
  }
}

/** A package that an adapter needs is not installed, or its native part does not load. */
export class MissingDependencyError extends BentoMLError {
  constructor(message: string, options: BentoMLErrorOptions = {}) {
    super(message, { code: "MISSING_DEPENDENCY", httpStatus: 500, ...options });
  }
}
