import type { Clock } from "../clock/index.js";

/** Batches that are expected to take longer are slept through: a sleeping thread wakes in a small part of their time. */
const LONGEST_EXPECTED_MS = 0.5;

/**
 * Looks for a reply turn by turn while a short batch is running, instead of going to sleep. On a machine whose cores sleep when
 * idle, waking this thread can take longer than a small model's run: measured, 70 to 90 µs on a virtual machine. Polling is
 * bounded by twice the expected time of the batch, and the turns in between serve everything else as usual.
 */
export class ReplyPolling {
  #until = 0;
  #polling = false;

  constructor(
    private readonly clock: Clock,
    private readonly isWaiting: () => boolean,
  ) {}

  /** A batch was sent whose reply is expected in `expectedMs`; 0 when nothing is known yet. */
  expect(expectedMs: number): void {
    if (expectedMs > LONGEST_EXPECTED_MS) return;
    this.#until = this.clock.now() + (expectedMs === 0 ? LONGEST_EXPECTED_MS : 2 * expectedMs);
    if (this.#polling) return;
    this.#polling = true;
    this.clock.nextTurn(() => this.#look());
  }

  #look(): void {
    if (this.isWaiting() && this.clock.now() < this.#until) this.clock.nextTurn(() => this.#look());
    else this.#polling = false;
  }
}
