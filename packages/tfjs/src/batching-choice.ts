import { InvalidArgumentError, type TensorSpec } from "bentoml-core";
import type { OpenMethod } from "./open-model.js";

/** How calls of a method are joined. What is left out is read from the model. */
export interface BatchingChoice {
  /** Whether calls may share a run. Say false for a model whose rows are not independent of each other. */
  readonly batchable?: boolean;
  /** Dim along which inputs are joined and outputs are split; a pair is [inputs, outputs]. Default 0. */
  readonly batchDim?: number | readonly [number, number];
}

export interface Batching {
  readonly batchable: boolean;
  readonly batchDim: readonly [number, number];
}

/**
 * Whether a method batches: by default when the first dim of every input and output is open.
 *
 * @throws InvalidArgumentError when batching is asked for along a dim that is fixed or does not exist.
 */
export function decideBatching(choice: BatchingChoice, { inputs, outputs }: OpenMethod, source: string): Batching {
  const batchDim = dimPair(choice.batchDim);
  if (choice.batchable === false) return { batchable: false, batchDim };
  const [inputDim, outputDim] = batchDim;
  if (choice.batchable === undefined && choice.batchDim === undefined) {
    const isOpen = ({ shape }: TensorSpec): boolean => typeof shape[0] === "string";
    return { batchable: outputs !== undefined && inputs.length > 0 && inputs.every(isOpen) && outputs.every(isOpen), batchDim };
  }
  for (const input of inputs) checkOpen("input", input, inputDim, source);
  for (const output of outputs ?? []) checkOpen("output", output, outputDim, source);
  return { batchable: true, batchDim };
}

function checkOpen(side: "input" | "output", { name, shape }: TensorSpec, dim: number, source: string): void {
  const size = shape[dim];
  if (typeof size === "string" || size === -1) return;
  throw new InvalidArgumentError(
    `${source} cannot be batchable: dim ${dim} of the ${side} "${name}" [${shape.join(", ")}] ${size === undefined ? "does not exist" : `is fixed to ${size}`}. ` +
      "Export it with an open batch dim (null, None), or save it with batchable: false.",
  );
}

function dimPair(given: BatchingChoice["batchDim"]): readonly [number, number] {
  const pair: readonly unknown[] = given === undefined ? [0, 0] : typeof given === "number" ? [given, given] : given;
  const [input, output] = pair;
  if (pair.length === 2 && isDim(input) && isDim(output)) return [input, output];
  throw new InvalidArgumentError(`batchDim is ${JSON.stringify(given)}: it must be a dim (0, 1, …) or a pair [of inputs, of outputs].`);
}

function isDim(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
