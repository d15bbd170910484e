/** The sum of left[leftStart + i] * right[rightStart + i] over i < length. */
export function dotProduct(
  left: Float64Array,
  leftStart: number,
  right: Float64Array,
  rightStart: number,
  length: number,
): number {
  let sum = 0;
  for (let index = 0; index < length; index++) {
    sum += left[leftStart + index]! * right[rightStart + index]!;
  }
  return sum;
}

/** target[targetStart + i] += factor * source[sourceStart + i] for i < length. */
export function addScaled(
  target: Float64Array,
  targetStart: number,
  factor: number,
  source: Float64Array,
  sourceStart: number,
  length: number,
): void {
  for (let index = 0; index < length; index++) {
    target[targetStart + index]! += factor * source[sourceStart + index]!;
  }
}
