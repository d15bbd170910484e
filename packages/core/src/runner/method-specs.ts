import { InvalidArgumentError } from "../errors/index.js";
import type { MethodSpec } from "../handles/index.js";
import { methodBatching, type BatchingSettings } from "./method-batching.js";
import { checkOptionNames, methodBatchingNames } from "./option-names.js";
import type { RunnableMethodConfig, RunnableMethods } from "./runnable.js";

/** Names that would make a runner look like a promise, or reach into its prototype. */
const REFUSED_NAMES: ReadonlySet<string> = new Set(["then", "constructor", "__proto__"]);

/**
 * The methods of a Runnable with every option resolved: `methodConfigs`, then the runner's options, then the configuration. A method whose
 * batching is switched off is not batchable, for this runner alone: the Runnable's own table is only read.
 */
export function methodSpecs(methods: RunnableMethods, settings: BatchingSettings): MethodSpec[] {
  const { runner, options } = settings;
  const names = Object.keys(methods);
  if (names.length === 0) {
    throw new InvalidArgumentError(`The Runnable of runner "${runner}" has no methods: give its class a "static methods" table.`);
  }
  for (const [name, config] of Object.entries(options.methodConfigs ?? {})) {
    if (!names.includes(name)) {
      throw new InvalidArgumentError(`methodConfigs names "${name}", but runner "${runner}" has only these methods: ${names.join(", ")}.`);
    }
    checkOptionNames(config, methodBatchingNames, `methodConfigs.${name} of runner "${runner}"`);
  }
  return names.map((name) => methodSpec(name, methods[name] as RunnableMethodConfig, settings));
}

function methodSpec(name: string, config: RunnableMethodConfig, settings: BatchingSettings): MethodSpec {
  if (REFUSED_NAMES.has(name)) throw new InvalidArgumentError(`A Runnable's method cannot be called "${name}"; give it another name.`);
  const batchable = config.batchable === true;
  const stream = config.stream === true;
  if (batchable && stream) {
    throw new InvalidArgumentError(`Method "${name}" is declared both batchable and a stream; the items of a stream go to one caller, so leave "batchable" out.`);
  }
  const { joins, maxBatchSize, maxLatencyMs, policy } = methodBatching(name, batchable, settings);
  return {
    name,
    batchable: joins,
    stream,
    batchDim: batchDims(name, config.batchDim ?? 0),
    maxBatchSize: joins ? Math.min(maxBatchSize, largestRun(name, config.maxBatchSize ?? Infinity)) : 1,
    maxLatencyMs,
    policy,
    maxConcurrency: concurrency(name, config.maxConcurrency ?? 1),
    idempotent: config.idempotent !== false,
  };
}

function batchDims(method: string, given: number | readonly [number, number]): readonly [number, number] {
  const pair: readonly [number, number] = typeof given === "number" ? [given, given] : given;
  for (const dim of pair) {
    if (!Number.isInteger(dim) || dim < 0) throw invalid("batchDim", method, dim, "a dim such as 0");
  }
  return pair;
}

function largestRun(method: string, given: number): number {
  if (given === Infinity || (Number.isInteger(given) && given >= 1)) return given;
  throw invalid("maxBatchSize", method, given, "a whole number of items, 1 or more");
}

function concurrency(method: string, given: number): number {
  if (Number.isInteger(given) && given >= 1) return given;
  throw invalid("maxConcurrency", method, given, "a whole number of batches, 1 or more");
}

function invalid(key: string, method: string, value: unknown, wanted: string): InvalidArgumentError {
  return new InvalidArgumentError(`${key} of method "${method}" is ${String(value)}; it must be ${wanted}.`);
}
