import { isDeepStrictEqual } from "node:util";
import { InvalidArgumentError } from "../errors/index.js";
import type { ContainerRegistry } from "./container-registry.js";
import type { JoinedBatch } from "./data-container.js";
import { Params } from "./params.js";
import type { Payload } from "./payload.js";

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
 * Joins the arguments of many calls, one by one. Side arguments must be equal in all calls and stay as they are.
 *
 * @throws InvalidArgumentError when the calls differ in their arguments, in the containers or dtypes of one, in a side argument,
 * or when the arguments of a call differ in their batch size.
 */
export function joinParams(calls: readonly Params[], batchDim: number, registry: ContainerRegistry): JoinedParams {
  const joins: [number | string, JoinedBatch<unknown>][] = [];
  const params = Params.aggregate(calls, (values, key) => {
    const [first] = values;
    if (isSideArgument(first, registry)) return agreed(values, key);
    checkSameContainer(values, key, registry);
    const joined = registry.containerOf(first).batchesToBatch(values, batchDim);
    joins.push([key, joined]);
    return joined.batch;
  });
  return { params, indices: commonIndices(joins, calls.length) };
}

/**
 * `joinParams` for arguments that came as payloads.
 *
 * @throws InvalidArgumentError as `joinParams` does, and NotFoundError for an unknown container.
 */
export async function joinPayloadParams(calls: readonly Params<Payload>[], batchDim: number, registry: ContainerRegistry): Promise<JoinedParams> {
  const read = async (call: Params<Payload>): Promise<Params> => {
    const values = new Map<number | string, unknown>();
    for (const [key, payload] of call.entries()) values.set(key, await registry.findByName(payload.container).fromPayload(payload));
    return call.map((_payload, key) => values.get(key));
  };
  return joinParams(await Promise.all(calls.map(read)), batchDim, registry);
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

function commonIndices(joins: readonly (readonly [number | string, JoinedBatch<unknown>])[], calls: number): number[] {
  const [first] = joins;
  // Calls of side arguments only bring one item each.
  if (first === undefined) return Array.from({ length: calls + 1 }, (_unused, index) => index);
  const { indices } = first[1];
  if (joins.every(([, other]) => isDeepStrictEqual(indices, other.indices))) return indices;
  const found = joins.map(([key, { indices: own }]) => `${String(key)}: [${own.join(", ")}]`).join(", ");
  throw new InvalidArgumentError(
    `argument lengths for parameters do not match: boundaries of the calls are {${found}}, but the arguments of a call must have one batch size.`,
  );
}
