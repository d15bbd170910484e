import { sharedPart } from "../copies/index.js";
import type { ModelInfo } from "./model-info.js";

/** One for all installed copies of this package. */
function lastTime(): { microseconds: number } {
  return sharedPart("creation-time", () => ({ microseconds: 0 }));
}

/**
 * The creation time of a model that is saved now, as the Python original writes it: `2026-11-21T21:53:16.854052+00:00`.
 * Two saves of one process never get the same microsecond, so that the newest model is always the one saved last.
 */
export function newCreationTimeText(): string {
  const last = lastTime();
  last.microseconds = Math.max(new Date().getTime() * 1000, last.microseconds + 1);
  const milliseconds = Math.floor(last.microseconds / 1000);
  const rest = String(last.microseconds % 1000).padStart(3, "0");
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
