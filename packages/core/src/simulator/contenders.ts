import { adaptivePolicy, fixedDelayPolicy } from "../batching/index.js";
import type { Contender } from "./scenario.js";

/** The product's default. */
export const adaptive: Contender = { policy: adaptivePolicy };

/** A free worker takes at once what is there. */
export const neverWaiting: Contender = { policy: fixedDelayPolicy(0) };

/** A batch waits until it is full or its oldest call is `delayMs` old, as it is set in other servers. */
export function fixedDelay(delayMs: number): Contender {
  return { policy: fixedDelayPolicy(delayMs) };
}

export function original(maxLatencyMs: number): Contender {
  return { cork: { maxLatencyMs } };
}
