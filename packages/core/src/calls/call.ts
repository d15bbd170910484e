import type { Outcome } from "./outcome.js";
import type { TraceContext } from "./trace-context.js";

export type CallState = "queued" | "running" | "settled";

export interface CallInit<Input, Result> {
  readonly input: Input;
  /** How many items (rows along the batch dimension) the call brings; at least 1. */
  readonly items: number;
  /** Memory that its arguments take while it waits. Default 0. */
  readonly bytes?: number;
  /** When the call was accepted, in ms of the clock. */
  readonly acceptedAt: number;
  /** Latest useful moment to start running, in ms of the clock; `Infinity` for none. */
  readonly startBy: number;
  readonly requestId: string | undefined;
  readonly traceContext?: TraceContext | undefined;
  /** Its share of the workers' time against other calls that wait: one of weight 2 gets twice that of one of weight 1. Default 1. */
  readonly weight?: number | undefined;
  /** Told once, at the end. */
  readonly onSettled: (outcome: Outcome<Result>, call: Call<Input, Result>) => void;
}

/**
 * One request on its way: queued, then running, then settled. `settle` is the only end and may be called by several parties
 * (the answer, an abort, a deadline, a crash): the first wins, the others do nothing.
 */
export class Call<Input = unknown, Result = unknown> {
  readonly input: Input;
  readonly items: number;
  readonly bytes: number;
  readonly acceptedAt: number;
  readonly startBy: number;
  readonly requestId: string | undefined;
  readonly traceContext: TraceContext | undefined;
  readonly weight: number;
  /** How many workers died while they ran this call. */
  crashes = 0;
  #state: CallState = "queued";
  readonly #onSettled: CallInit<Input, Result>["onSettled"];

  constructor(init: CallInit<Input, Result>) {
    this.input = init.input;
    this.items = init.items;
    this.bytes = init.bytes ?? 0;
    this.acceptedAt = init.acceptedAt;
    this.startBy = init.startBy;
    this.requestId = init.requestId;
    this.traceContext = init.traceContext;
    this.weight = init.weight ?? 1;
    this.#onSettled = init.onSettled;
  }

  get state(): CallState {
    return this.#state;
  }

  get settled(): boolean {
    return this.#state === "settled";
  }

  /** The call is in a worker now. A call may be started again after a failure of its batch. */
  start(): void {
    if (this.#state === "queued") this.#state = "running";
  }

  /** The call waits again, to be run once more after its batch failed or its worker died. */
  requeue(): void {
    if (this.#state === "running") this.#state = "queued";
  }

  settle(outcome: Outcome<Result>): void {
    if (this.#state === "settled") return;
    this.#state = "settled";
    this.#onSettled(outcome, this);
  }
}
