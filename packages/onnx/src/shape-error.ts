import { InvalidArgumentError, type NdArray } from "bentoml-core";
import { symbolOf, type InputPlan, type PlannedInput } from "./input-plan.js";

/**
 * Why these arrays, which have the right dtypes, do not fit together with the model: the first wrong input, what it
 * wants and what it was given.
 */
export function shapeError(plan: InputPlan, arrays: readonly NdArray[]): InvalidArgumentError {
  const single = plan.inputs
    .map((input, index) => singleInputFault(plan, input, arrays[index] as NdArray))
    .find((fault) => fault !== undefined);
  return new InvalidArgumentError(single ?? disagreement(plan, arrays) ?? "The inputs do not fit the model.");
}

/** How the input's shape is written in messages: [batch, 3, ?]. */
export function wantedShape(input: PlannedInput): string {
  if (!input.spec.rankKnown) return "[…]";
  return shapeText(input.spec.shape.map((length) => (length === -1 ? "?" : length)));
}

function shapeText(shape: readonly (number | string)[]): string {
  return `[${shape.join(", ")}]`;
}

function singleInputFault(plan: InputPlan, input: PlannedInput, array: NdArray): string | undefined {
  if (!input.spec.rankKnown) return undefined;
  const { shape } = array;
  const wanted = input.spec.shape;
  const start = `Input "${input.name}" wants shape ${wantedShape(input)} and was given ${shapeText(shape)}`;
  if (shape.length !== wanted.length) {
    const cure = lacksBatch(plan, input, shape)
      ? `add a batch dimension: shape ${shapeText(withBatch(plan, shape))}, for example with expandDims(${plan.batchDim})`
      : `it must have ${wanted.length} dimensions, not ${shape.length}`;
    return `${start}: ${cure}.`;
  }
  const place = shape.findIndex((length, index) => isFixed(wanted[index]) && wanted[index] !== length);
  if (place < 0) return undefined;
  return `${start}: dimension ${place} must be ${String(wanted[place])}, not ${String(shape[place])}.`;
}

function isFixed(length: number | string | undefined): boolean {
  return typeof length === "number" && length >= 0;
}

/** One sample where a batch of samples is wanted. */
function lacksBatch(plan: InputPlan, input: PlannedInput, shape: readonly number[]): boolean {
  const wanted = input.spec.shape;
  if (shape.length !== wanted.length - 1 || plan.batchDim >= wanted.length) return false;
  const length = wanted[plan.batchDim];
  const rest = wanted.filter((_, index) => index !== plan.batchDim);
  return (!isFixed(length) || length === 1) && rest.every((other, index) => !isFixed(other) || other === shape[index]);
}

function withBatch(plan: InputPlan, shape: readonly number[]): number[] {
  return [...shape.slice(0, plan.batchDim), 1, ...shape.slice(plan.batchDim)];
}

/** Where one symbol has two lengths. */
function disagreement(plan: InputPlan, arrays: readonly NdArray[]): string | undefined {
  const seen = new Map<string, { readonly length: number; readonly where: string }>();
  for (const [index, input] of plan.inputs.entries()) {
    const { shape } = arrays[index] as NdArray;
    if (shape.length !== input.dimensions.length) continue;
    for (const [place, dimension] of input.dimensions.entries()) {
      const symbol = symbolOf(plan, dimension);
      if (symbol === undefined) continue;
      const length = shape[place] as number;
      const where = `dimension ${place} of "${input.name}" ${shapeText(shape)}`;
      const before = seen.get(symbol);
      if (before !== undefined && before.length !== length) {
        return (
          `The inputs disagree about "${symbol}": ${before.where} is ${before.length}, ${where} is ${length}. ` +
          "They must be equal."
        );
      }
      seen.set(symbol, { length, where });
    }
  }
  return undefined;
}
