import { DEFAULT_MAX_BATCH_SIZE, inProcess, type Scenario } from "./scenario.js";
import { capacity, profiles, type ProfileName } from "./service-model.js";

/** A scenario, and what the adaptive policy must reach in it against never waiting. */
export interface Row {
  readonly scenario: Scenario;
  /**
   * Least ratio: of throughputs for closed loads, of mean latencies (never waiting's over the adaptive one's) for open ones. A
   * "rate" is what the adaptive policy must reach by itself, requests per second.
   */
  readonly atLeast: number;
  readonly compare: "throughput" | "latency" | "rate";
}

function closed(profile: ProfileName, workers: number, callers: number, atLeast: number, changes: Partial<Scenario> = {}): Row {
  const scenario: Scenario = {
    name: `closed ${profile} W${String(workers)} N${String(callers)}`,
    models: [profiles[profile]],
    workers,
    loads: [{ callers }],
    ...changes,
  };
  return { scenario, atLeast, compare: "throughput" };
}

function poisson(profile: ProfileName, load: number, atLeast: number, workers = 1): Row {
  const rate = load * capacity(profiles[profile], DEFAULT_MAX_BATCH_SIZE, workers);
  const name = `poisson ${String(load)} ${profile} W${String(workers)}`;
  const scenario: Scenario = { name, models: [profiles[profile]], workers, loads: [{ rate: () => rate, spacing: "poisson" }] };
  return { scenario, atLeast, compare: "latency" };
}

const { wide } = profiles;
const wideCapacity = capacity(wide, DEFAULT_MAX_BATCH_SIZE, 1);

/**
 * What the design's policy reached by waiting, this one reaches at the end of a turn: callers in the same thread come back before it.
 * Never waiting reaches it then, too, and a ratio of the two says nothing.
 */
function inThread(profile: ProfileName, callers: number, atLeast: number): Row {
  const scenario: Scenario = { name: `in process ${profile} N${String(callers)}`, models: [profiles[profile]], loads: [{ callers }], ...inProcess };
  return { scenario, atLeast, compare: "rate" };
}

/** Where waiting pays, where it must not hurt, and what disturbs it. The thresholds are those of the design of the policy. */
export const rows: readonly Row[] = [
  closed("wide", 1, 1, 0.97),
  closed("wide", 1, 2, 1.57),
  closed("wide", 1, 4, 1.46),
  closed("wide", 1, 8, 1.33),
  closed("wide", 1, 16, 1.19),
  closed("wide", 1, 32, 1.08),
  closed("wide", 1, 64, 0.97),
  closed("wide", 1, 256, 0.97),
  closed("wide", 2, 4, 1.27),
  closed("wide", 2, 16, 1.24),
  // 1.25 times the design's 3,823 requests per second: never waiting does better here than there, and swings with the seed.
  { ...closed("wide", 2, 32, 4_780), compare: "rate" },
  closed("transformer", 1, 16, 1.14),
  closed("slow", 1, 4, 1.56),
  closed("slow", 1, 32, 1.19),
  closed("conv", 1, 1, 0.97),
  closed("conv", 1, 16, 0.97),
  closed("conv", 2, 2, 0.97),
  closed("tiny", 1, 1, 0.97),
  closed("tiny", 1, 64, 0.97),
  closed("small", 1, 16, 0.97),
  inThread("small", 4, 21_400),
  inThread("tiny", 4, 57_600),
  closed("wide", 1, 4, 1.21, { name: "1 to 8 items wide N4", loads: [{ callers: 4, items: [1, 8] }] }),
  closed("wide", 1, 16, 1.21, { name: "garbage collection wide N16", pauses: { every: 80, length: 5 } }),
  closed("wide", 1, 16, 1.19, { name: "stalls of 1 % wide N16", models: [{ ...wide, stallChance: 0.01 }] }),
  closed("wide", 1, 16, 1.15, { name: "hiccups of 5 % wide N16", hiccups: 0.05 }),
  closed("wide", 1, 16, 0.97, { name: "slow parsing wide N16", requestCost: 0.2 }),
  closed("wide", 1, 4, 1.26, { name: "0.5 ms away wide N4", network: { fixed: 0.25, jitter: 0.01 } }),
  closed("wide", 1, 16, 0.97, { name: "8 ms away wide N16", network: { fixed: 4, jitter: 0.01 } }),
  closed("wide", 1, 4, 1.11, { name: "thinking 0.5 ms wide N4", loads: [{ callers: 4, think: 0.5 }] }),
  closed("wide", 1, 16, 0.97, { name: "thinking 10 ms wide N16", loads: [{ callers: 16, think: 10 }] }),
  closed("wide", 1, 8, 1.24, { name: "periodic and closed N8 wide", loads: [{ callers: 8 }, { rate: () => 0.1, spacing: "periodic" }] }),
  poisson("wide", 0.1, 0.97),
  poisson("wide", 0.3, 0.97),
  poisson("wide", 0.5, 0.97),
  poisson("wide", 0.9, 0.97),
  poisson("transformer", 0.3, 0.95),
  poisson("wide", 0.5, 0.97, 2),
  { scenario: { name: "periodic wide", models: [wide], loads: [{ rate: () => 0.1, spacing: "periodic" }] }, atLeast: 0.97, compare: "latency" },
  {
    scenario: { name: "ramp wide", models: [wide], loads: [{ rate: (progress) => (0.05 + 0.85 * progress) * wideCapacity, spacing: "poisson" }] },
    atLeast: 0.96,
    compare: "latency",
  },
];
