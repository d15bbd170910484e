import { traceContextOfCall, type TraceContext } from "../calls/index.js";
import type { CallOptions } from "./runner-handle.js";

/** `CallContext` of a call in this thread. The signal of a call that nobody can abort is made only when the method asks for it. */
export class LocalCallContext {
  readonly requestIds: readonly string[];
  readonly traceContexts: readonly TraceContext[];
  readonly deadline: number | undefined;
  #controller: AbortController | undefined;

  constructor({ requestId, traceContext: given }: CallOptions, deadline: number | undefined, controller?: AbortController) {
    const traceContext = traceContextOfCall(given);
    this.requestIds = requestId === undefined ? [] : [requestId];
    this.traceContexts = traceContext === undefined ? [] : [traceContext];
    this.deadline = deadline;
    this.#controller = controller;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }
}
