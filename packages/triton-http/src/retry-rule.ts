const FIRST_DELAY_MS = 50;
const MOST_DELAY_MS = 1_000;

/** How far a request had come when it failed. */
export type Progress = "connecting" | "sent" | "answered";

/**
 * Whether a request that failed is sent again, and when: in so many ms, or never (undefined). A connection that cannot be made is tried
 * a few times, since nothing has reached the server. One that broke before the answer began is tried once more, and only for a request
 * that may be run twice: mostly the server had just closed an idle connection. Nothing is sent again once an answer has begun.
 */
export class RetryRule {
  #unreached = 0;
  #broken = 0;

  constructor(
    private readonly retries: number,
    private readonly isIdempotent: boolean,
    private readonly random: () => number = Math.random,
  ) {}

  delayAfter(progress: Progress): number | undefined {
    if (progress === "answered") return undefined;
    if (progress === "sent") return this.isIdempotent && this.#broken++ === 0 ? 0 : undefined;
    if (this.#unreached >= this.retries) return undefined;
    const longest = Math.min(FIRST_DELAY_MS * 2 ** this.#unreached++, MOST_DELAY_MS);
    // Many clients that lost one server must not come back in step.
    return longest * (0.5 + this.random() / 2);
  }
}
