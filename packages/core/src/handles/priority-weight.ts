import { InvalidArgumentError } from "../errors/index.js";
import type { Priority } from "./runner-handle.js";

const WEIGHTS: Readonly<Record<Priority, number>> = { high: 2, normal: 1, low: 0.5 };

/**
 * The weight of a call of that priority in the queue.
 *
 * @throws InvalidArgumentError for a priority that there is not.
 */
export function priorityWeight(priority: Priority = "normal"): number {
  if (Object.hasOwn(WEIGHTS, priority)) return WEIGHTS[priority];
  throw new InvalidArgumentError(`priority is ${JSON.stringify(priority)}; it must be one of ${Object.keys(WEIGHTS).join(", ")}.`);
}
