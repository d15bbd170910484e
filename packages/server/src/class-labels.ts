import type { Dtype, TensorSpec } from "bentoml-core";

/** Names of the classes that outputs speak of, in the order of the classes, by output. */
export type ClassLabels = Readonly<Record<string, readonly string[]>>;

/**
 * What a model's metadata tell under `labels`: a list of names, which is of every output that has a value for each class, or the number of
 * a class for each item; or a record with a list for each output. Anything else has a meaning of its own there, and is none.
 */
export function classLabelsOf(metadata: Readonly<Record<string, unknown>>, outputs: readonly TensorSpec[]): ClassLabels {
  const { labels } = metadata;
  const names = namesOf(labels);
  if (names !== undefined) return Object.fromEntries(outputs.filter((output) => isOfClasses(output, names.length)).map(({ name }) => [name, names]));
  const byOutput = Object.entries(typeof labels === "object" && labels !== null ? labels : {}).map(([name, list]) => [name, namesOf(list)] as const);
  return Object.fromEntries(byOutput.filter((entry): entry is [string, readonly string[]] => entry[1] !== undefined));
}

function namesOf(list: unknown): readonly string[] | undefined {
  const isNames = Array.isArray(list) && list.length > 0 && list.every((name) => ["string", "number", "bigint", "boolean"].includes(typeof name));
  return isNames ? list.map(String) : undefined;
}

const WITHOUT_CLASSES: ReadonlySet<Dtype> = new Set(["bool", "string"]);

/** Whether an output is the scores of so many classes, or the number of one. */
function isOfClasses({ dtype, shape }: TensorSpec, classes: number): boolean {
  if (WITHOUT_CLASSES.has(dtype)) return false;
  const last = shape.at(-1);
  const isOfScores = shape.length > 1 && (last === classes || typeof last === "string" || (last ?? 0) < 0);
  const isOfNumbers = /int/.test(dtype) && (shape.length === 1 || (shape.length === 2 && last === 1));
  return isOfScores || isOfNumbers || (shape.length === 1 && last === classes);
}
