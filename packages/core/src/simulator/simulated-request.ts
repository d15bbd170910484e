/** A request on its way through the simulation. */
export interface SimulatedRequest {
  readonly items: number;
  /** When it reached the server, ms. */
  readonly arrivedAt: number;
  /** What may share a batch with it: requests of one kind. */
  readonly kind: number;
  /** How long its caller waits at most, ms; `Infinity` for ever. */
  readonly limit: number;
  /** Weight of its class: a call of weight 4 gets four times the share of one of weight 1. */
  readonly priority: number;
}

export type RequestOutcome = "answered" | "refused on arrival" | "refused late" | "aborted";

/** Takes requests in the server's thread and tells what became of each. */
export interface Scheduler {
  /** `request` was read; it reached the server a moment earlier. */
  accept(request: SimulatedRequest): void;
  /** Its caller is gone. */
  abort(request: SimulatedRequest): void;
}

/** What a scheduler tells. */
export interface SchedulerEvents {
  ended(request: SimulatedRequest, outcome: RequestOutcome): void;
  /** A batch was sent to a worker, for which its policy had made a free worker wait `waited` ms. */
  batch(items: number, waited: number): void;
}
