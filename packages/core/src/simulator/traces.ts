import type { Load } from "./load.js";
import { DEFAULT_MAX_BATCH_SIZE, type Scenario } from "./scenario.js";
import { capacity, profiles, type ProfileName } from "./service-model.js";

/** A trace, and the latency limit that both contenders are told. */
export interface Trace {
  readonly scenario: Scenario;
  /** Ms. */
  readonly limit: number;
}

/** The original's default limit. */
const DEFAULT_LIMIT = 60_000;

function trace(name: string, profile: ProfileName, loads: (rate: (load: number) => number) => readonly Load[], limit = DEFAULT_LIMIT, changes: Partial<Scenario> = {}): Trace {
  const full = capacity(profiles[profile], DEFAULT_MAX_BATCH_SIZE, 1);
  const withLimits = loads((load) => load * full).map((each) => ({ limits: [limit], ...each }));
  return { limit, scenario: { name, models: [profiles[profile]], loads: withLimits, requests: 12_000, ...changes } };
}

function steady(rate: number): Load {
  return { rate: () => rate, spacing: "poisson" };
}

/**
 * What the product's policy is compared by with the Python original's: few and many callers, quiet, busy and overloaded hours,
 * bursts, big requests, short limits. One worker each, as the original has one queue per worker.
 */
export const traces: readonly Trace[] = [
  trace("a lone caller", "wide", () => [{ callers: 1 }]),
  trace("four callers in turn", "wide", () => [{ callers: 4 }]),
  trace("sixteen callers of a small model", "small", () => [{ callers: 16 }]),
  trace("sixty-four callers", "transformer", () => [{ callers: 64 }]),
  trace("a quiet hour", "wide", (rate) => [steady(rate(0.2))], 200),
  trace("a busy hour", "transformer", (rate) => [steady(rate(0.7))], 200),
  trace("a full hour", "wide", (rate) => [steady(rate(0.9))], 100),
  trace("a little too much", "wide", (rate) => [steady(rate(1.2))], 50),
  trace("twice too much", "wide", (rate) => [steady(rate(2))], 50),
  trace("too much for a slow model", "slow", (rate) => [steady(rate(1.2))], 500),
  trace("bursts of forty", "wide", (rate) => [{ rate: () => rate(0.5), spacing: "poisson", burst: 40 }], 100),
  trace("requests of one to eight items", "wide", (rate) => [{ rate: () => rate(0.6) / 4.5, spacing: "poisson", items: [1, 8] }], 100),
];
