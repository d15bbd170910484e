import { InvalidArgumentError, type TensorSpec } from "bentoml-core";

/** What the user says about batching; the rest is read from the graph. */
export interface BatchingChoice {
  /** Whether several calls may be joined into one run. Default: true where the graph's first dimensions allow it. */
  readonly batchable?: boolean;
  /** Dimension along which calls are joined; a pair where it differs between inputs and outputs. Default 0. */
  readonly batchDim?: number | readonly [number, number];
}

/** How calls are joined, settled. */
export interface Batching {
  readonly batchable: boolean;
  readonly batchDim: readonly [number, number];
}

/** A spec; where `rankKnown` is false, its shape of [] stands for an unknown one. */
type GraphSide = TensorSpec & { readonly rankKnown?: boolean };

interface Sides {
  readonly inputs: readonly GraphSide[];
  readonly outputs: readonly TensorSpec[];
}

/** Converters give every unknown dimension a name of its own: such names say nothing. */
const generatedName = /^unk__\d+$|^DynamicDimension\.\d+$/;

/**
 * Whether a model batches. By default it does when the first dimension of every input and output is dynamic and those
 * with a name agree: where an output has rows of another kind (detections), or an input is not per row, joined calls
 * could not be told apart again.
 *
 * @throws InvalidArgumentError when the user asks for batching along a fixed dimension.
 */
export function decideBatching(choice: BatchingChoice, sides: Sides, source: string): Batching {
  const batchDim = batchDimensions(choice.batchDim);
  if (choice.batchable === false) return { batchable: false, batchDim };
  if (choice.batchable === undefined && choice.batchDim === undefined) {
    return { batchable: looksBatchable(sides), batchDim };
  }
  const batching = { batchable: true, batchDim };
  checkBatching(batching, sides, source);
  return batching;
}

/**
 * Checks that every run may have exactly `rows` rows.
 *
 * @throws InvalidArgumentError that names the dimension whose length is another one, or when none is fixed.
 */
export function checkPadding(rows: number, batchDim: Batching["batchDim"], sides: Sides, source: string): void {
  const [inputDim, outputDim] = batchDim;
  const fixed = sides.inputs.filter((input) => isFixed(input.shape[inputDim]));
  if (fixed.length === 0) {
    throw new InvalidArgumentError(
      `padTo is ${rows}, but no input of ${source} fixes the length of its dimension ${inputDim}: leave padTo out, batches need no padding.`,
    );
  }
  for (const input of sides.inputs) checkLength("input", input, inputDim, rows, source);
  for (const output of sides.outputs) checkLength("output", output, outputDim, rows, source);
}

function checkLength(side: "input" | "output", spec: GraphSide, dimension: number, rows: number, source: string): void {
  const length = spec.shape[dimension];
  if (length === rows || !isRankKnown(side, spec) || (length !== undefined && !isFixed(length))) return;
  const cure = side === "input" && length !== undefined ? `: say padTo: ${length}` : ", so that its rows cannot be told apart";
  throw new InvalidArgumentError(
    `padTo is ${rows}, but dimension ${dimension} of the ${side} "${spec.name}" [${spec.shape.join(", ")}] of ${source} ${stateOf(length)}${cure}.`,
  );
}

function isFixed(length: number | string | undefined): boolean {
  return typeof length === "number" && length >= 0;
}

/**
 * @throws InvalidArgumentError when calls cannot be joined along the dimension because the graph fixes its length.
 */
export function checkBatching(batching: Batching, sides: Sides, source: string): void {
  if (!batching.batchable) return;
  for (const input of sides.inputs) checkDynamic("input", input, batching.batchDim[0], source);
  for (const output of sides.outputs) checkDynamic("output", output, batching.batchDim[1], source);
}

function checkDynamic(side: "input" | "output", spec: GraphSide, dimension: number, source: string): void {
  const length = spec.shape[dimension];
  if (typeof length === "string" || length === -1 || !isRankKnown(side, spec)) return;
  const padding = side === "input" && length !== undefined ? ` A runner joins calls all the same with toRunner({ padTo: ${length} }).` : "";
  throw new InvalidArgumentError(
    `${source} cannot be batchable: dimension ${dimension} of the ${side} "${spec.name}" [${spec.shape.join(", ")}] ${stateOf(length)}. ` +
      `Export it with a dynamic batch dimension, or save it with signatures: { run: { batchable: false } }.${padding}`,
  );
}

/** The engine describes an output of unknown shape as []. */
function isRankKnown(side: "input" | "output", spec: GraphSide): boolean {
  return side === "input" ? spec.rankKnown !== false : spec.shape.length > 0;
}

function stateOf(length: number | string | undefined): string {
  return length === undefined ? "does not exist" : `is fixed to ${length}`;
}

function looksBatchable(sides: Sides): boolean {
  const specs = [...sides.inputs, ...sides.outputs];
  const lengths = specs.map((spec) => spec.shape[0]);
  if (sides.inputs.length === 0 || !lengths.every((length) => typeof length === "string" || length === -1)) return false;
  const names = lengths.filter((length): length is string => typeof length === "string" && !generatedName.test(length));
  return new Set(names).size <= 1;
}

function batchDimensions(given: number | readonly [number, number] | undefined): readonly [number, number] {
  const pair = given === undefined ? [0, 0] : typeof given === "number" ? [given, given] : [...given];
  const [input, output] = pair;
  if (pair.length !== 2 || !isDimension(input) || !isDimension(output)) {
    throw new InvalidArgumentError(
      `batchDim is ${JSON.stringify(given)}: it must be a dimension (0, 1, …) or a pair [of inputs, of outputs].`,
    );
  }
  return [input, output];
}

function isDimension(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
