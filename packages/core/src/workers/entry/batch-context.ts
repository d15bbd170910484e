import type { TraceContext } from "../../calls/index.js";
import type { BatchHead } from "../wire/index.js";

/** `CallContext` of a batch in a worker. The signal is made only when a method asks for it: it costs more than a small run. */
export class BatchContext {
  readonly requestIds: readonly string[];
  readonly traceContexts: readonly TraceContext[];
  readonly deadline: number | undefined;
  #controller: AbortController | undefined;
  #aborted = false;

  constructor({ requestIds, traceContexts, deadline }: BatchHead) {
    this.requestIds = requestIds;
    this.traceContexts = traceContexts;
    this.deadline = deadline;
  }

  /** Aborted when every caller of the batch is gone. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#aborted) this.#controller.abort();
    return this.#controller.signal;
  }

  get aborted(): boolean {
    return this.#aborted;
  }

  abort(): void {
    this.#aborted = true;
    this.#controller?.abort();
  }
}
