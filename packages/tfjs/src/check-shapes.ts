import { InvalidArgumentError, type NdArray, type TensorSpec } from "bentoml-core";
import { shapeText } from "./input-array.js";

/**
 * Checks sizes that the model fixes, and that those of one name are equal within a call.
 *
 * @throws InvalidArgumentError that names the input, what it wants and what it was given.
 */
export function checkShapes(inputs: readonly TensorSpec[], arrays: readonly NdArray[]): void {
  const named = new Map<string, { readonly size: number; readonly input: string }>();
  for (const [index, input] of inputs.entries()) {
    const { shape } = arrays[index] as NdArray;
    checkRank(input, shape);
    for (const [dim, wanted] of input.shape.entries()) {
      const size = shape[dim] as number;
      if (typeof wanted === "number" && wanted >= 0 && wanted !== size) throw misfit(input, shape, `dim ${dim} must be ${wanted}, not ${size}.`);
      if (typeof wanted !== "string") continue;
      const before = named.get(wanted);
      if (before === undefined) named.set(wanted, { size, input: input.name });
      else if (before.size !== size) {
        throw misfit(input, shape, `dim ${dim} is "${wanted}", which is ${before.size} in input "${before.input}". They must be equal.`);
      }
    }
  }
}

function checkRank(input: TensorSpec, shape: readonly number[]): void {
  const wanted = input.shape;
  if (shape.length === wanted.length) return;
  const lacksBatch = shape.length === wanted.length - 1 && wanted.slice(1).every((size, dim) => typeof size === "string" || size < 0 || size === shape[dim]);
  throw misfit(
    input,
    shape,
    lacksBatch ? `add a batch dimension: shape ${shapeText([1, ...shape])}, for example with expandDims(0).` : `it must have ${wanted.length} dims, not ${shape.length}.`,
  );
}

function misfit({ name, shape: wanted }: TensorSpec, shape: readonly number[], cure: string): InvalidArgumentError {
  return new InvalidArgumentError(`Input "${name}" wants shape ${shapeText(wanted)} and was given ${shapeText(shape)}: ${cure}`);
}
