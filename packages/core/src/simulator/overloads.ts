import { DEFAULT_MAX_BATCH_SIZE, type Scenario } from "./scenario.js";
import { capacity, profiles, type ProfileName, type ServiceModel } from "./service-model.js";

/** Models, and latency limits that suit them, ms. */
export const limitedProfiles = [
  ["wide", 50],
  ["transformer", 90],
  ["slow", 500],
  ["conv", 200],
] as const satisfies readonly (readonly [ProfileName, number])[];

/** Requests at `load` times what the model can do. */
export function overload(profile: ProfileName, limit: number, load: number): Scenario {
  const rate = load * capacity(profiles[profile], DEFAULT_MAX_BATCH_SIZE, 1);
  return {
    name: `${profile} at ${String(load)}`,
    models: [profiles[profile]],
    loads: [{ rate: () => rate, spacing: "poisson", limits: [limit] }],
    requests: 12_000,
  };
}

/** Items per second of a single worker with full batches. */
export function capacityPerSecond(model: ServiceModel): number {
  return capacity(model, DEFAULT_MAX_BATCH_SIZE, 1) * 1000;
}
