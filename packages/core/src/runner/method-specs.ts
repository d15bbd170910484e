import { InvalidArgumentError } from "../errors/index.js";
import type { MethodSpec } from "../handles/index.js";
import type { RunnableMethodConfig, RunnableMethods } from "./runnable.js";
import { DEFAULT_MAX_BATCH_SIZE, DEFAULT_MAX_LATENCY_MS, type MethodBatching, type RunnerOptions } from "./runner-options.js";

/** Names that would make a runner look like a promise, or reach into its prototype. */
const REFUSED_NAMES: ReadonlySet<string> = new Set(["then", "constructor", "__proto__"]);

/** The methods of a Runnable with every option resolved: `methodConfigs`, then the runner's options, then the defaults. */
export function methodSpecs(methods: RunnableMethods, options: RunnerOptions, runner: string): MethodSpec[] {
  const names = Object.keys(methods);
  if (names.length === 0) {
    throw new InvalidArgumentError(`The Runnable of runner "${runner}" has no methods: give its class a "static methods" table.`);
  }
  for (const name of Object.keys(options.methodConfigs ?? {})) {
    if (!names.includes(name)) {
      throw new InvalidArgumentError(`methodConfigs names "${name}", but runner "${runner}" has only these methods: ${names.join(", ")}.`);
    }
  }
  return names.map((name) => methodSpec(name, methods[name] as RunnableMethodConfig, options));
}

function methodSpec(name: string, config: RunnableMethodConfig, options: RunnerOptions): MethodSpec {
  if (REFUSED_NAMES.has(name)) throw new InvalidArgumentError(`A Runnable's method cannot be called "${name}"; give it another name.`);
  const own = options.methodConfigs?.[name];
  const batchable = config.batchable === true;
  const maxBatchSize = firstNumber("maxBatchSize", name, own, options, DEFAULT_MAX_BATCH_SIZE);
  if (!Number.isInteger(maxBatchSize)) throw invalid("maxBatchSize", name, maxBatchSize, "a whole number of items");
  return {
    name,
    batchable,
    batchDim: batchDims(name, config.batchDim ?? 0),
    maxBatchSize: batchable ? maxBatchSize : 1,
    maxLatencyMs: firstNumber("maxLatencyMs", name, own, options, DEFAULT_MAX_LATENCY_MS),
    idempotent: config.idempotent !== false,
  };
}

function firstNumber(
  key: keyof MethodBatching,
  method: string,
  own: MethodBatching | undefined,
  runner: MethodBatching,
  byDefault: number,
): number {
  const value = own?.[key] ?? runner[key] ?? byDefault;
  if (typeof value !== "number" || !(value > 0)) throw invalid(key, method, value, "a number above 0");
  return value;
}

function batchDims(method: string, given: number | readonly [number, number]): readonly [number, number] {
  const pair: readonly [number, number] = typeof given === "number" ? [given, given] : given;
  for (const dim of pair) {
    if (!Number.isInteger(dim) || dim < 0) throw invalid("batchDim", method, dim, "a dim such as 0");
  }
  return pair;
}

function invalid(key: string, method: string, value: unknown, wanted: string): InvalidArgumentError {
  return new InvalidArgumentError(`${key} of method "${method}" is ${String(value)}; it must be ${wanted}.`);
}
