import { DeadlineExceededError } from "../errors/index.js";
import type { Clock } from "../clock/index.js";
import type { CallOptions } from "./runner-handle.js";

/** What may end a call before its answer: the caller's signal and its time limit. */
export interface CallLimits {
  onAbort(reason: unknown): void;
  onDeadline(error: DeadlineExceededError): void;
}

/** Watches the limits of a call until the returned function is called. Most calls have none, and cost nothing here. */
export function watchLimits({ signal, timeoutMs }: CallOptions, clock: Clock, what: string, limits: CallLimits): (() => void) | undefined {
  if (signal === undefined && timeoutMs === undefined) return undefined;
  const onAbort = (): void => limits.onAbort(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  const cancel =
    timeoutMs === undefined
      ? undefined
      : clock.at(clock.now() + timeoutMs, () =>
          limits.onDeadline(new DeadlineExceededError(`${what} was not answered within timeoutMs ${String(timeoutMs)}.`)),
        );
  return () => {
    signal?.removeEventListener("abort", onAbort);
    cancel?.();
  };
}
