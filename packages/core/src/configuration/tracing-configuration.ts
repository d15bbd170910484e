import type { Section } from "./section.js";
import { flagAt } from "./setting-values.js";

/** What a configuration says of traces. */
export interface TracingConfiguration {
  /** Whether servers make spans when an OpenTelemetry SDK is registered. Default true. */
  readonly enabled: boolean;
}

export function tracingConfiguration(merged: Section): TracingConfiguration {
  return { enabled: flagAt(merged, ["tracing", "enabled"], true) };
}
