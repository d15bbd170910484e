/** Probabilities that sum to 1, in the order of the logits. */
export function softmax(logits: Float64Array): Float64Array {
  // Without taking off the largest, exp would overflow for large logits.
  const largest = Math.max(...logits);
  const exponentials = logits.map((logit) => Math.exp(logit - largest));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map((value) => value / total);
}

export interface Loss {
  /** -log(probability of the right class), in nats. */
  readonly value: number;
  /** The loss's gradient by each logit. */
  readonly gradient: Float64Array;
}

export function crossEntropy(logits: Float64Array, label: number): Loss {
  const gradient = softmax(logits);
  const value = -Math.log(gradient[label]!);
  gradient[label]! -= 1;
  return { value, gradient };
}
