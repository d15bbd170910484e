import { readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { NdArray, type TensorSpec } from "bentoml-core";
import { toOrtTensor, type OrtTensor } from "./engine-tensor.js";
import type { ThreadCandidates, ThreadChoice } from "./session-options.js";

/** A run that takes longer gains more from several threads than it costs to wake them (measured on two cores). */
export const leanRunMs = 1;

/** Where no run can be measured, a model of more bytes is taken to be a slow one. */
const leanBytes = 4 * 1024 * 1024;

/** How long a measurement goes on: so many runs, or until they took so long, ms. */
export interface Effort {
  readonly maxRuns: number;
  readonly enoughMs: number;
}

const warmUpEffort: Effort = { maxRuns: 5, enoughMs: 20 };

/**
 * Inputs of so many rows for a trial run: zeros or empty strings. Each symbolic or unknown dimension is 1, that along which calls
 * are joined is `rows`, unless the graph fixes it.
 */
export function zeroFeeds(inputs: readonly TensorSpec[], rows = 1, batchDim = 0): Record<string, OrtTensor> {
  const feeds: Record<string, OrtTensor> = {};
  for (const input of inputs) {
    const open = (place: number): number => (place === batchDim ? rows : 1);
    const shape = input.shape.map((dimension, place) => (typeof dimension === "number" && dimension >= 0 ? dimension : open(place)));
    feeds[input.name] = toOrtTensor(NdArray.zeros(input.dtype, shape));
  }
  return feeds;
}

/** Shortest of a few runs, in ms. The first, which allocates the engine's memory, counts only if it is the only one. */
export async function measureRuns(
  run: () => Promise<unknown>,
  { maxRuns, enoughMs }: Effort = warmUpEffort,
  now: () => number = () => performance.now(),
): Promise<number> {
  const begin = now();
  await run();
  let shortest = now() - begin;
  for (let runs = 1; runs < maxRuns && now() - begin < enoughMs; runs++) {
    const start = now();
    await run();
    const duration = now() - start;
    shortest = runs === 1 ? duration : Math.min(shortest, duration);
  }
  return shortest;
}

/** The setting for a model whose run took this long in the lean setting; `undefined` where no run succeeded. */
export function chooseThreads(
  candidates: ThreadCandidates,
  leanMs: number | undefined,
  modelBytes: () => number,
): ThreadChoice {
  const slow = leanMs === undefined ? modelBytes() > leanBytes : leanMs > leanRunMs;
  return slow ? candidates.full : candidates.lean;
}

/** Bytes of the model's file and of all that lies beside it, where external weights are. */
export function modelFolderBytes(modelPath: string): number {
  const folder = dirname(modelPath);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false }))
    .reduce((total, status) => total + (status?.isFile() === true ? status.size : 0), 0);
}
