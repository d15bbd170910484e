import { isDeepStrictEqual } from "node:util";
import { InvalidArgumentError } from "../errors/index.js";
import type { ContainerRegistry } from "./container-registry.js";
import { Params } from "./params.js";

/** The arguments of many calls joined into those of one, and where each call lies in them. */
export interface JoinedParams {
  readonly params: Params;
  /** Cumulative from 0: n calls, n + 1 numbers. */
  readonly indices: number[];
}

/** A value without items of its own, such as a temperature: calls share a batch only if they agree on it. */
export function isSideArgument(value: unknown, registry: ContainerRegistry): boolean {
  return registry.containerOf(value) === registry.fallback && !Array.isArray(value);
}

/**
 * Items of one call: the batch size of its arguments, 1 when there are side arguments only.
 *
 * @throws InvalidArgumentError when the arguments differ in it.
 */
export function commonBatchSize(params: Params, batchDim: number, registry: ContainerRegistry): number {
  const batched = params.entries().filter(([, value]) => !isSideArgument(value, registry));
  const sizes = batched.map(([key, value]) => [key, registry.containerOf(value).getBatchSize(value, batchDim)] as const);
  return agreedLength("batch sizes are", sizes) ?? 1;
}

/**
 * Joins the arguments of many calls, one by one. Side arguments must be equal in all calls and stay as they are.
 *
 * @throws InvalidArgumentError when the calls differ in their arguments, in the containers or dtypes of one, in a side argument,
 * or when the arguments of a call differ in their batch size.
 */
export function joinParams(calls: readonly Params[], batchDim: number, registry: ContainerRegistry): JoinedParams {
  const boundaries: [number | string, number[]][] = [];
  const params = Params.aggregate(calls, (values, key) => {
    const [first] = values;
    if (isSideArgument(first, registry)) return agreed(values, key);
    checkSameContainer(values, key, registry);
    const { batch, indices } = registry.containerOf(first).batchesToBatch(values, batchDim);
    boundaries.push([key, indices]);
    return batch;
  });
  // Calls of side arguments only bring one item each.
  const indices = agreedLength("boundaries of the calls are", boundaries) ?? Array.from({ length: calls.length + 1 }, (_unused, index) => index);
  return { params, indices };
}

function agreed(values: readonly unknown[], key: number | string): unknown {
  const [first, ...others] = values;
  if (others.every((other) => isDeepStrictEqual(first, other))) return first;
  throw new InvalidArgumentError(
    `Argument ${String(key)} has no items of its own and must be equal in all calls of a batch; calls that do not agree on it must run apart.`,
  );
}

function checkSameContainer(values: readonly unknown[], key: number | string, registry: ContainerRegistry): void {
  const first = registry.containerOf(values[0]);
  for (const value of values) {
    const other = registry.containerOf(value);
    if (other === first) continue;
    throw new InvalidArgumentError(`Argument ${String(key)} cannot be joined: calls pass values of both ${first.name} and ${other.name}.`);
  }
}

/** What all arguments say of their length; undefined when there are none. */
function agreedLength<Length extends number | readonly number[]>(what: string, found: readonly (readonly [number | string, Length])[]): Length | undefined {
  const lengths = new Params(found.map(([, length]) => length));
  if (lengths.allEqual()) return lengths.sample;
  const shown = found.map(([key, length]) => `${String(key)}: ${JSON.stringify(length)}`);
  throw new InvalidArgumentError(
    `argument lengths for parameters do not match: ${what} {${shown.join(", ")}}, but the arguments of a call must have one batch size.`,
  );
}
