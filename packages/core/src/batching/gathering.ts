/** How fast the usual number of calls is forgotten, per turn. */
const FORGETTING = 0.98;

/**
 * Whether calls are still coming in turn after turn, so that a batch should begin a turn later. A message to a worker costs the
 * calling thread as much as reading a request does; a thread that has requests to read is better off reading them first. It
 * never waits idle: each turn of gathering brought a call, the first turn without one ends it. It ends as well when the share
 * of the calling thread is reached: with W workers busy on W parts of the calls in the system, one part more is gathered.
 */
export class Gathering {
  #arrived = false;
  #usualCalls = 0;

  /** A call came in. */
  arrived(): void {
    this.#arrived = true;
  }

  /** At the end of a turn: true when it should end without a batch. */
  goesOn(waitingCalls: number, runningCalls: number, workers: number): boolean {
    const arrived = this.#arrived;
    this.#arrived = false;
    this.#usualCalls = Math.max(this.#usualCalls * FORGETTING, waitingCalls + runningCalls);
    return arrived && waitingCalls > 1 && waitingCalls < this.#usualCalls / (workers + 1);
  }
}
