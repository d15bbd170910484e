import { InvalidArgumentError } from "../errors/index.js";

/**
 * Checks the boundaries of a split: cumulative from 0, never falling, and ending at `total`.
 *
 * @throws InvalidArgumentError when they are not: a short answer must never be given out.
 */
export function checkIndices(indices: readonly number[], total: number): void {
  if (indices[0] !== 0) throw badIndices(indices, "the first must be 0");
  for (let part = 1; part < indices.length; part++) {
    const end = indices[part] as number;
    if (!Number.isSafeInteger(end) || end < (indices[part - 1] as number)) {
      throw badIndices(indices, `number ${String(part)} (${String(end)}) must be an integer that is not below the one before it`);
    }
  }
  if (indices.at(-1) !== total) {
    throw badIndices(indices, `the last must be the size that is split, ${String(total)}, but is ${String(indices.at(-1))}`);
  }
}

/** Cumulative sizes from 0: sizes 2 and 3 give 0, 2, 5. */
export function indicesOfSizes(sizes: readonly number[]): number[] {
  const indices = [0];
  let end = 0;
  for (const size of sizes) indices.push((end += size));
  return indices;
}

function badIndices(indices: readonly number[], why: string): InvalidArgumentError {
  return new InvalidArgumentError(`Cannot split at [${indices.join(", ")}]: ${why}. n parts need n + 1 cumulative numbers from 0.`);
}
