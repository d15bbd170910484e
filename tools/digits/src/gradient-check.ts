import type { Layer } from "./layer.js";

/** Steps of finite differences: small against the values, large against rounding. */
const step = 1e-5;

/** The slope of `loss` by each of the values, from two nearby points; leaves the values as they were. */
export function numericGradient(values: Float64Array, loss: () => number): Float64Array {
  return values.map((value, index) => {
    values[index] = value + step;
    const above = loss();
    values[index] = value - step;
    const below = loss();
    values[index] = value;
    return (above - below) / (2 * step);
  });
}

export interface CheckedGradient {
  /** What was differentiated by: the input, or a parameter's number. */
  readonly subject: string;
  readonly analytic: Float64Array;
  readonly numeric: Float64Array;
}

/** The gradients of the loss sum(outputWeights * output) by the layer's input and parameters. */
export function layerGradients(
  layer: Layer,
  input: Float64Array,
  outputWeights: Float64Array,
): CheckedGradient[] {
  const loss = (): number =>
    layer.forward(input).reduce((sum, value, index) => sum + value * outputWeights[index]!, 0);
  for (const parameter of layer.parameters) parameter.gradients.fill(0);
  loss();
  const inputGradient = Float64Array.from(layer.backward(outputWeights));
  return [
    { subject: "input", analytic: inputGradient, numeric: numericGradient(input, loss) },
    ...layer.parameters.map((parameter, index) => ({
      subject: `parameter ${index}`,
      analytic: parameter.gradients,
      numeric: numericGradient(parameter.values, loss),
    })),
  ];
}

/** The largest difference between two gradients, as a share of the larger's largest entry. */
export function relativeError(left: Float64Array, right: Float64Array): number {
  const scale = Math.max(...left.map(Math.abs), ...right.map(Math.abs));
  const difference = Math.max(...left.map((value, index) => Math.abs(value - right[index]!)));
  return difference / scale;
}
