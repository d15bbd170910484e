import { InvalidArgumentError } from "../errors/index.js";
import { fixedDelayPolicy, type BatchingPolicy } from "../batching/index.js";
import { batchingStrategies, shown, type BatchingConfiguration, type BatchingStrategy } from "../configuration/index.js";
import type { MethodBatching, RunnerOptions } from "./runner-options.js";

/** Options of a runner of that name, and what the configuration says to it. */
export interface BatchingSettings {
  readonly runner: string;
  readonly options: RunnerOptions;
  readonly batching: BatchingConfiguration;
  /** Whether the configuration's `maxLatencyMs` was set by somebody, and is not the default. */
  readonly latencyIsConfigured: boolean;
}

export interface MethodBatchingResult {
  /** Whether calls are joined; otherwise each runs by itself. */
  readonly joins: boolean;
  readonly maxBatchSize: number;
  readonly maxLatencyMs: number;
  /** Undefined for the adaptive one. */
  readonly policy: BatchingPolicy | undefined;
}

/** A setting, and where it stands; of two settings the one of the lower level is nearer to the method. */
interface Found {
  readonly value: unknown;
  readonly where: string;
  readonly level: number;
}

const CONFIGURATION_LEVEL = 2;
const NOWHERE: Found = { value: undefined, where: "", level: CONFIGURATION_LEVEL + 1 };

/**
 * How a method is batched: by `methodConfigs`, then the runner's options, then the configuration.
 *
 * @throws InvalidArgumentError that names the setting, its value and what is allowed; also where two settings contradict each other.
 */
export function methodBatching(method: string, batchable: boolean, settings: BatchingSettings): MethodBatchingResult {
  const strategy = strategyOf(method, settings);
  const delayMs = number("maxQueueDelayMs", method, settings, isNotNegative, "a number of milliseconds, 0 or more");
  const maxBatchSize = number("maxBatchSize", method, settings, isCount, "a whole number of items, 1 or more") as number;
  const maxLatencyMs = number("maxLatencyMs", method, settings, isAboveZero, "a number of milliseconds above 0") as number;
  if (!batchable || !settings.batching.enabled) return { joins: false, maxBatchSize, maxLatencyMs, policy: undefined };
  if (strategy === "fixed") return { joins: true, maxBatchSize, maxLatencyMs, policy: fixedDelayPolicy(delayMs ?? wholeLimit(method, settings)) };
  refuseDelay(method, strategy, settings);
  return { joins: strategy !== "off", maxBatchSize, maxLatencyMs, policy: undefined };
}

/** As long as the latency limit allows, which somebody must have chosen: by default a lone call would wait for a minute. */
function wholeLimit(method: string, settings: BatchingSettings): number {
  if (settings.latencyIsConfigured || find("maxLatencyMs", method, settings).level < CONFIGURATION_LEVEL) return Infinity;
  throw new InvalidArgumentError(
    `The batching strategy of method "${method}" of runner "${settings.runner}" is "fixed", but nothing says how long a call may wait for others: set maxQueueDelayMs, or maxLatencyMs to wait for as long as that allows.`,
  );
}

/** A delay that stands no farther off than the strategy was meant for it. */
function refuseDelay(method: string, strategy: BatchingStrategy, settings: BatchingSettings): void {
  const { value, where, level } = find("maxQueueDelayMs", method, settings);
  if (value === undefined || level > find("batchingStrategy", method, settings).level) return;
  throw new InvalidArgumentError(
    `${where} of runner "${settings.runner}" is ${shown(value)}, but the batching strategy of method "${method}" is "${strategy}", which takes no delay: set batchingStrategy to "fixed", or leave the delay out.`,
  );
}

function strategyOf(method: string, settings: BatchingSettings): BatchingStrategy {
  const { value = "adaptive", where } = find("batchingStrategy", method, settings);
  const strategy = batchingStrategies.find((each) => each === value);
  if (strategy !== undefined) return strategy;
  throw invalid(where, settings, value, '"adaptive", "fixed" or "off"');
}

function number(key: keyof MethodBatching, method: string, settings: BatchingSettings, isAllowed: (value: number) => boolean, allowed: string): number | undefined {
  const { value, where } = find(key, method, settings);
  if (value === undefined || (typeof value === "number" && isAllowed(value))) return value;
  throw invalid(where, settings, value, allowed);
}

function find(key: keyof MethodBatching, method: string, { options, batching }: BatchingSettings): Found {
  const configured = key === "batchingStrategy" ? batching.strategy : batching[key];
  const places: readonly (readonly [where: string, value: unknown])[] = [
    [`methodConfigs.${method}.${key}`, options.methodConfigs?.[method]?.[key]],
    [key, options[key]],
    [`${key} of the configuration`, configured],
  ];
  const level = places.findIndex(([, value]) => value !== undefined && value !== null);
  const [where, value] = places[level] ?? [];
  return where === undefined ? NOWHERE : { value, where, level };
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value > 0;
}

function isAboveZero(value: number): boolean {
  return value > 0;
}

function isNotNegative(value: number): boolean {
  return value >= 0;
}

function invalid(where: string, { runner }: BatchingSettings, value: unknown, allowed: string): InvalidArgumentError {
  return new InvalidArgumentError(`${where} of runner "${runner}" is ${shown(value)}; it must be ${allowed}.`);
}
