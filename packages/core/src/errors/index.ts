/**
 * Every error class of the project, one family a file. All other rooms may use it; it uses none. An error is part of the
 * public API: `code` and `httpStatus` are stable, the message names the value and the cure.
 */
export { BentoMLError, isBentoMLError, type BentoMLErrorOptions } from "./bentoml-error.js";
export { errorClassNamed, type BentoMLErrorClass } from "./error-class.js";
export { InvalidArgumentError, NotFoundError } from "./input-errors.js";
export {
  AdapterNotFoundError,
  InvalidModelError,
  MissingDependencyError,
  ModelExistsError,
  ModelNotFoundError,
} from "./model-errors.js";
export {
  DeadlineExceededError,
  ModelRunError,
  RunnableNotReachableError,
  RunnerNotInitializedError,
  ServiceUnavailableError,
  StateError,
  WorkerCrashedError,
} from "./runner-errors.js";
export { invariant } from "./invariant.js";
