import type { ModelInfo } from "./model-info.js";

let lastMicroseconds = 0;

/**
 * The creation time of a model that is saved now, as the Python original writes it: `2026-11-21T21:53:16.854052+00:00`.
 * Two saves of one process never get the same microsecond, so that the newest model is always the one saved last.
 */
export function newCreationTimeText(): string {
  lastMicroseconds = Math.max(new Date().getTime() * 1000, lastMicroseconds + 1);
  const milliseconds = Math.floor(lastMicroseconds / 1000);
  const rest = String(lastMicroseconds % 1000).padStart(3, "0");
  return new Date(milliseconds).toISOString().replace("Z", `${rest}+00:00`);
}

/** Below zero when `left` was created before `right`. */
export function compareCreation(left: ModelInfo, right: ModelInfo): number {
  return left.creationTime.getTime() - right.creationTime.getTime() || microsecondsOf(left) - microsecondsOf(right);
}

/** Microseconds within the millisecond. */
function microsecondsOf(info: ModelInfo): number {
  const fraction = /\.(\d+)/.exec(info.creationTimeText)?.[1] ?? "";
  return Number(fraction.slice(3, 6).padEnd(3, "0"));
}
