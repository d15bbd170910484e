import { DeadlineExceededError } from "../errors/index.js";
import type { Clock } from "../clock/index.js";
import { LinkedList } from "../calls/index.js";
import type { CallOptions } from "./runner-handle.js";
import { DeadlineQueue } from "./deadline-queue.js";

/** What is done with a watched call, at most one of each. */
export interface WatchEvents<Watched> {
  onAbort(watched: Watched, reason: unknown): void;
  onDeadline(watched: Watched, error: DeadlineExceededError): void;
}

/** Time limits whose queues are remembered. With more different ones all are forgotten: a forgotten queue goes on until its last call has left. */
const MOST_LIMITS = 64;

/**
 * Watches callers' signals and time limits for a whole handle. Many calls have the same signal (a connection's) and the same limit
 * (a server's), so there is one listener for a signal and one timer for a limit, not one for a call.
 */
export class CallWatch<Watched> {
  readonly #bySignal = new WeakMap<AbortSignal, LinkedList<Watched>>();
  readonly #byLimit = new Map<number, DeadlineQueue<Watched>>();

  constructor(
    private readonly what: string,
    private readonly clock: Clock,
    private readonly events: WatchEvents<Watched>,
  ) {}

  /**
   * Hands out how the call is given up, and watches its signal and its limit from `now` (ms of the clock) until the returned function is
   * called; undefined when there is nothing to watch.
   */
  watch({ signal, giveUpBy, timeoutMs }: CallOptions, watched: Watched, now: number): (() => void) | undefined {
    giveUpBy?.((reason) => this.events.onAbort(watched, reason));
    if (signal === undefined && timeoutMs === undefined) return undefined;
    const calls = signal === undefined ? undefined : this.#callsOf(signal);
    const placeOfSignal = calls?.add(watched);
    const leaveSignal = (): void => {
      if (placeOfSignal !== undefined) calls?.remove(placeOfSignal);
    };
    if (timeoutMs === undefined) return leaveSignal;
    const queue = this.#queueOf(timeoutMs);
    const place = queue.add(watched, now);
    return () => {
      leaveSignal();
      queue.remove(place);
      if (queue.isEmpty && this.#byLimit.get(timeoutMs) !== queue) queue.stop();
    };
  }

  #callsOf(signal: AbortSignal): LinkedList<Watched> {
    let calls = this.#bySignal.get(signal);
    if (calls === undefined) {
      const watching = new LinkedList<Watched>();
      calls = watching;
      this.#bySignal.set(signal, watching);
      signal.addEventListener("abort", () => [...watching].forEach((watched) => this.events.onAbort(watched, signal.reason)), { once: true });
    }
    return calls;
  }

  #queueOf(timeoutMs: number): DeadlineQueue<Watched> {
    let queue = this.#byLimit.get(timeoutMs);
    if (queue === undefined) {
      if (this.#byLimit.size >= MOST_LIMITS) this.#forgetQueues();
      queue = new DeadlineQueue<Watched>(timeoutMs, this.clock, (watched, limitMs) =>
        this.events.onDeadline(watched, new DeadlineExceededError(`${this.what} did not answer a call within timeoutMs ${String(limitMs)}.`)),
      );
      this.#byLimit.set(timeoutMs, queue);
    }
    return queue;
  }

  #forgetQueues(): void {
    for (const queue of this.#byLimit.values()) if (queue.isEmpty) queue.stop();
    this.#byLimit.clear();
  }
}
