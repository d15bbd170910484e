import type { TraceContext } from "../calls/index.js";
import type { Params } from "../containers/index.js";
import type { MethodSpec } from "./method-spec.js";

/** Options of one call, the same on every handle. */
export interface CallOptions {
  /** Aborting rejects the call with `signal.reason`; a call that waits leaves the queue at once. A thread that blocks hears no abort. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Is told how this call alone is given up. For those who have one signal for many calls and yet must end one of them: a signal for each
   * would cost more than a small call does. A handle of somebody's own need not know it.
   */
  readonly giveUpBy?: ((giveUp: (reason: unknown) => void) => void) | undefined;
  /** The call is given up with `DeadlineExceededError` after so many ms; a stream, so many after its first `next()`. */
  readonly timeoutMs?: number | undefined;
  /** Reaches the Runnable in `context.requestIds`, and traces. */
  readonly requestId?: string | undefined;
  /** The trace that the call is a part of: reaches the Runnable in `context.traceContexts`, wherever it runs. Default: that of the code that calls, where traces are followed. */
  readonly traceContext?: TraceContext | undefined;
  /** While others wait, "high" gets twice the share of "normal", which is the default, and "low" half of it. Nobody starves. */
  readonly priority?: Priority | undefined;
  /**
   * The result may be a view on the batch's result. For callers that read it before they return to the event loop and keep
   * nothing; by default a result owns its memory.
   */
  readonly shareResults?: boolean | undefined;
}

/** How much of the workers' time a call gets while others wait. */
export type Priority = "high" | "normal" | "low";

/** How much a runner has to do at this moment. */
export interface HandleStats {
  /** Calls that wait for a worker. */
  readonly queuedCalls: number;
  /** Items (rows along the batch dim) of these calls. */
  readonly queuedItems: number;
  /** Of the arguments of these calls, where the handle keeps them. */
  readonly queuedBytes?: number | undefined;
  /** Workers that run, those of them that do nothing, how many there should be, and how often one was started anew. */
  readonly workers: { readonly alive: number; readonly idle: number; readonly size: number; readonly restarts: number };
}

/**
 * Where a runner's calls go: this thread, worker threads, another host. A class of the user's own with these members fits
 * as well.
 */
export interface RunnerHandle {
  /** Runs a method and resolves to its result. Reads the arguments before it returns: their memory may be used again at once. */
  runMethod(method: MethodSpec, params: Params, options: CallOptions): Promise<unknown>;
  /** The items of a stream method. Reads the arguments now, but begins with the first `next()`; what fails is told there too. */
  streamMethod(method: MethodSpec, params: Params, options: CallOptions): AsyncGenerator<unknown, void, undefined>;
  /** Runs a method while this thread stands still; a handle that cannot do that lacks it. */
  runMethodSync?(method: MethodSpec, params: Params, options: CallOptions): unknown;
  /** Whether a call would be run now; waits up to `timeoutMs` for it. */
  isReady(timeoutMs: number): Promise<boolean>;
  /** Finishes what was accepted, at most for `graceMs`, then lets go of everything. Idempotent. */
  close(graceMs: number): Promise<void>;
  /** What waits, and what the workers do. */
  stats(): HandleStats;
  /** What the Runnable's `setup` told about itself. */
  readonly facts: Readonly<Record<string, unknown>>;
}
