const FIRST_DELAY_MS = 50;
const MOST_DELAY_MS = 1_000;

/** Failures of a connection that may pass by themselves: a server that starts again, a network that comes back. */
const PASSING: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "ENOENT", "ENOTFOUND", "EAI_AGAIN"],
  ...["EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN", "EAGAIN", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_SOCKET"],
]);

/** How far a request had come when it failed. */
export type Progress = "connecting" | "sent" | "answered";

export interface RetrySetting {
  /** For connections that cannot be made. */
  readonly retries: number;
  /** Whether a request that may have been run can be sent again. */
  readonly isIdempotent: boolean;
}

/**
 * Whether a request that failed is sent again, and when: in so many ms, or never (undefined). A connection that cannot be made is tried
 * a few times, since nothing has reached the server. One that broke before the first byte of the answer is tried once more and only for
 * an idempotent method: mostly the server had just closed an idle connection. Nothing is sent again once an answer has begun.
 */
export class RetryRule {
  #unreached = 0;
  #broken = 0;

  constructor(
    private readonly setting: RetrySetting,
    private readonly random: () => number = Math.random,
  ) {}

  delayAfter(progress: Progress, error: Error): number | undefined {
    const { retries, isIdempotent } = this.setting;
    if (progress === "answered" || !isPassing(error)) return undefined;
    if (progress === "sent") return isIdempotent && this.#broken++ === 0 ? 0 : undefined;
    if (this.#unreached >= retries) return undefined;
    const longest = Math.min(FIRST_DELAY_MS * 2 ** this.#unreached++, MOST_DELAY_MS);
    // Many clients that lost one server must not come back in step.
    return longest * (0.5 + this.random() / 2);
  }
}

function isPassing(error: Error): boolean {
  const all = error instanceof AggregateError ? (error.errors as readonly unknown[]) : [error];
  return all.some((one) => PASSING.has(String((one as { code?: unknown } | undefined)?.code)));
}
