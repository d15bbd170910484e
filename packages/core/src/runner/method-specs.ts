import { InvalidArgumentError } from "../errors/index.js";
import type { BatchingConfiguration } from "../configuration/index.js";
import type { MethodSpec } from "../handles/index.js";
import type { RunnableMethodConfig, RunnableMethods } from "./runnable.js";
import type { MethodBatching, RunnerOptions } from "./runner-options.js";

/** Names that would make a runner look like a promise, or reach into its prototype. */
const REFUSED_NAMES: ReadonlySet<string> = new Set(["then", "constructor", "__proto__"]);

/** Options of a runner of that name, and what the configuration says to it. */
interface Settings {
  readonly runner: string;
  readonly options: RunnerOptions;
  readonly batching: BatchingConfiguration;
}

/**
 * The methods of a Runnable with every option resolved: `methodConfigs`, then the runner's options, then the configuration. Where that
 * switches batching off, no method is batchable, for this runner alone: the Runnable's own table is only read.
 */
export function methodSpecs(methods: RunnableMethods, { runner, options, batching }: Settings): MethodSpec[] {
  const names = Object.keys(methods);
  if (names.length === 0) {
    throw new InvalidArgumentError(`The Runnable of runner "${runner}" has no methods: give its class a "static methods" table.`);
  }
  for (const name of Object.keys(options.methodConfigs ?? {})) {
    if (!names.includes(name)) {
      throw new InvalidArgumentError(`methodConfigs names "${name}", but runner "${runner}" has only these methods: ${names.join(", ")}.`);
    }
  }
  return names.map((name) => methodSpec(name, methods[name] as RunnableMethodConfig, { runner, options, batching }));
}

function methodSpec(name: string, config: RunnableMethodConfig, settings: Settings): MethodSpec {
  if (REFUSED_NAMES.has(name)) throw new InvalidArgumentError(`A Runnable's method cannot be called "${name}"; give it another name.`);
  const batchable = config.batchable === true;
  const stream = config.stream === true;
  if (batchable && stream) {
    throw new InvalidArgumentError(`Method "${name}" is declared both batchable and a stream; the items of a stream go to one caller, so leave "batchable" out.`);
  }
  const maxBatchSize = firstNumber("maxBatchSize", name, settings);
  const isBatched = batchable && settings.batching.enabled;
  return {
    name,
    batchable: isBatched,
    stream,
    batchDim: batchDims(name, config.batchDim ?? 0),
    maxBatchSize: isBatched ? maxBatchSize : 1,
    maxLatencyMs: firstNumber("maxLatencyMs", name, settings),
    maxConcurrency: concurrency(name, config.maxConcurrency ?? 1),
    idempotent: config.idempotent !== false,
  };
}

function firstNumber(key: keyof MethodBatching, method: string, { runner, options, batching }: Settings): number {
  const places: readonly (readonly [where: string, value: unknown])[] = [
    [`methodConfigs.${method}.${key}`, options.methodConfigs?.[method]?.[key]],
    [key, options[key]],
    ["", batching[key]],
  ];
  const [where, value] = places.find(([, given]) => given !== undefined && given !== null) as [string, unknown];
  const isWhole = key === "maxBatchSize";
  if (typeof value === "number" && value > 0 && (!isWhole || Number.isInteger(value))) return value;
  throw new InvalidArgumentError(
    `${where} of runner "${runner}" is ${String(value)}; it must be ${isWhole ? "a whole number of items, 1 or more" : "a number of milliseconds above 0"}.`,
  );
}

function batchDims(method: string, given: number | readonly [number, number]): readonly [number, number] {
  const pair: readonly [number, number] = typeof given === "number" ? [given, given] : given;
  for (const dim of pair) {
    if (!Number.isInteger(dim) || dim < 0) throw invalid("batchDim", method, dim, "a dim such as 0");
  }
  return pair;
}

function concurrency(method: string, given: number): number {
  if (Number.isInteger(given) && given >= 1) return given;
  throw invalid("maxConcurrency", method, given, "a whole number of batches, 1 or more");
}

function invalid(key: string, method: string, value: unknown, wanted: string): InvalidArgumentError {
  return new InvalidArgumentError(`${key} of method "${method}" is ${String(value)}; it must be ${wanted}.`);
}
