import { configurationError, shown } from "../configuration/index.js";
import { countNvidiaGpus, type NvidiaSource } from "./nvidia-devices.js";
import type { Resource } from "./resource.js";
import { NVIDIA_GPU } from "./resource-names.js";

/** The count that asks for none, as in the Python original. */
const NONE = -1;
/** More than any machine has; a slip of the finger must not fill the memory with indices. */
const MOST = 9_999;

/**
 * NVIDIA GPUs as a list of indices: `2` and `"2"` are `[0, 1]`, -1 is none, a list is taken as it is (`[1, 3]`, `["1", "3"]`).
 * The machine's are those that the driver shows.
 */
export function nvidiaGpuResource(source: NvidiaSource = {}): Resource<readonly number[]> {
  return {
    resourceId: NVIDIA_GPU,
    fromSpec: indicesOf,
    fromSystem: () => firstIndices(countNvidiaGpus(source)),
    validate(indices: readonly number[]): void {
      if (indices.length === 0) return;
      const count = countNvidiaGpus(source);
      const missing = indices.find((index) => index < 0 || index >= count);
      if (missing === undefined) return;
      const there = count === 0 ? "there is none" : `there are only those from 0 to ${count - 1}`;
      throw configurationError(`nvidia.com/gpu asks for GPU ${missing}, but ${there}.`);
    },
  };
}

function indicesOf(spec: unknown): number[] {
  const indices = Array.isArray(spec) ? spec.map(wholeNumber) : countedIndices(wholeNumber(spec));
  if (indices === undefined || indices.includes(undefined)) {
    throw configurationError(
      `nvidia.com/gpu is ${shown(spec)}; it must be a number of GPUs (-1 is none), a list of their indices such as [0, 2], or "system".`,
    );
  }
  return indices as number[];
}

function countedIndices(count: number | undefined): number[] | undefined {
  if (count === undefined || count < NONE) return undefined;
  return count === NONE ? [] : firstIndices(count);
}

function firstIndices(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function wholeNumber(spec: unknown): number | undefined {
  const number = typeof spec === "string" && /^-?\d+$/.test(spec) ? Number(spec) : spec;
  return Number.isInteger(number) && (number as number) <= MOST ? (number as number) : undefined;
}
