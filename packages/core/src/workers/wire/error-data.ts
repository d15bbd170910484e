import { errorClassNamed, isBentoMLError, type BentoMLError } from "../../errors/index.js";

/** An error as plain data, to cross a thread. */
export interface ErrorData {
  readonly ours: boolean;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | undefined;
  readonly httpStatus: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly cause: ErrorData | undefined;
}

/** A chain of causes is cut here: a cyclic one must not hang the reply. */
const DEEPEST_CAUSE = 8;

export function toErrorData(error: unknown, depth = 0): ErrorData {
  const own = isBentoMLError(error) ? error : undefined;
  const { name, message, stack, cause } = error instanceof Error ? error : new Error(String(error));
  return {
    ours: own !== undefined,
    name,
    message,
    stack,
    code: own?.code,
    httpStatus: own?.httpStatus,
    retryAfterMs: own?.retryAfterMs,
    cause: cause === undefined || depth >= DEEPEST_CAUSE ? undefined : toErrorData(cause, depth + 1),
  };
}

/** The error again, with its class if it is one of ours, otherwise an `Error` with the same name, message and stack. */
export function fromErrorData(data: ErrorData): Error {
  const cause = data.cause === undefined ? undefined : fromErrorData(data.cause);
  const error = data.ours ? ownError(data, cause) : new Error(data.message, cause === undefined ? undefined : { cause });
  if (!data.ours) error.name = data.name;
  if (data.stack !== undefined) error.stack = data.stack;
  return error;
}

function ownError(data: ErrorData, cause: Error | undefined): BentoMLError {
  const errorClass = errorClassNamed(data.name);
  return new errorClass(data.message, {
    ...(data.code === undefined ? {} : { code: data.code }),
    ...(data.httpStatus === undefined ? {} : { httpStatus: data.httpStatus }),
    ...(data.retryAfterMs === undefined ? {} : { retryAfterMs: data.retryAfterMs }),
    ...(cause === undefined ? {} : { cause }),
  });
}
