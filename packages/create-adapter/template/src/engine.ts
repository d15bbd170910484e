/**
 * Stands where __Title__ goes: a score is the sum of a row's values, each times its weight. Replace this file by your framework, and
 * what else names `ScoreModel` by its models.
 */
export interface ScoreModel {
  /** One for each column. */
  readonly weights: readonly number[];
}

/** A score for each of `rows` rows of `values`. */
export function scores({ weights }: ScoreModel, values: Float32Array, rows: number): Float32Array {
  const width = weights.length;
  return Float32Array.from({ length: rows }, (_, row) => weights.reduce((sum, weight, column) => sum + weight * (values[row * width + column] ?? 0), 0));
}
