import { BentoMLError, type BentoMLErrorOptions } from "./bentoml-error.js";

/** An object was used in a state that does not allow it, such as a runner that is already initialised. */
export class StateError extends BentoMLError {
  constructor(message: string, options: BentoMLErrorOptions = {}) {
    super(message, { code: "STATE_ERROR", httpStatus: 500, ...options });
  }
}

/** A call on a runner that has no handle: never initialised, or destroyed. */
export class RunnerNotInitializedError extends StateError {
  constructor(message: string, options: BentoMLErrorOptions = {}) {
    super(message, { code: "RUNNER_NOT_INITIALIZED", ...options });
  }
}

/** The worker cannot import the Runnable: its class names no module, or the module lacks the export. */
export class RunnableNotReachableError extends BentoMLError {
  constructor(message: string, options: BentoMLErrorOptions = {}) {
    super(message, { code: "RUNNABLE_NOT_REACHABLE", httpStatus: 500, ...options });
  }
}

/** The model threw while it ran; the message is the engine's own. */
export class ModelRunError extends BentoMLError {
  constructor(message: string, options: BentoMLErrorOptions = {}) {
    super(message, { code: "MODEL_RUN_FAILED", httpStatus: 500, ...options });
  }
}

/** The worker that ran the call died twice with it; the call is not tried again. */
export class WorkerCrashedError extends BentoMLError {
  constructor(message: string, options: BentoMLErrorOptions = {}) {
    super(message, { code: "WORKER_CRASHED", httpStatus: 500, ...options });
  }
}

/** The runner cannot take the call now: queue full, draining, or its workers keep failing. HTTP 503. */
export class ServiceUnavailableError extends BentoMLError {
  constructor(message: string, options: BentoMLErrorOptions = {}) {
    super(message, { code: "SERVICE_BUSY", httpStatus: 503, ...options });
  }
}

/** The call's deadline passed before it was answered. HTTP 504. */
export class DeadlineExceededError extends BentoMLError {
  constructor(message: string, options: BentoMLErrorOptions = {}) {
    super(message, { code: "DEADLINE_EXCEEDED", httpStatus: 504, ...options });
  }
}
