import { NdArray, type Dtype } from "bentoml-core";
import { invalidRequest, quoted } from "./invalid-request.js";

const WITHOUT_ORDER: ReadonlySet<Dtype> = new Set(["bool", "string"]);
/** As Triton writes floats. */
const DECIMALS = 6;

/** Throws InvalidArgumentError when an output of this dtype has no largest values. */
export function checkClassifiable(name: string, dtype: Dtype): void {
  if (WITHOUT_ORDER.has(dtype)) throw invalidRequest(`output ${quoted(name)} is ${dtype}, so it has no largest values: ask for it without "classification"`);
}

/**
 * The classification extension: of each row (the first dim; an array of one dim is one row) the `count` largest values, each as the
 * text `value:index`, in strings of shape [rows, count], or [count] for an array of one dim. Of equal values the first comes first; NaN
 * comes last.
 *
 * @param labels names of the classes: where there is one for each, the text is `value:index:name`.
 */
export function largestClasses(array: NdArray, count: number, labels: readonly string[] = []): NdArray<"string"> {
  const isBatch = array.rank > 1;
  const rows = isBatch ? (array.shape[0] as number) : 1;
  const classes = rows === 0 ? 0 : array.size / rows;
  const kept = Math.min(count, classes);
  const texts: string[] = [];
  const nameOf = (index: number): string => (labels.length === classes ? `:${labels[index] ?? ""}` : "");
  const values = array.reshape([array.size]).toNested() as readonly (number | bigint)[];
  for (let row = 0; row < rows; row++) {
    const scores = values.slice(row * classes, (row + 1) * classes).map((value, index) => ({ value, index }));
    scores.sort((one, other) => compare(one.value, other.value));
    for (const { value, index } of scores.slice(0, kept)) texts.push(`${shown(value, array.dtype)}:${index}${nameOf(index)}`);
  }
  return new NdArray("string", isBatch ? [rows, kept] : [kept], texts);
}

/** Descending, NaN last. */
function compare(one: number | bigint, other: number | bigint): number {
  const [oneIsNaN, otherIsNaN] = [one !== one, other !== other];
  if (oneIsNaN || otherIsNaN) return Number(oneIsNaN) - Number(otherIsNaN);
  return one > other ? -1 : Number(one < other);
}

function shown(value: number | bigint, dtype: Dtype): string {
  if (!dtype.includes("float") || !Number.isFinite(value)) return String(value).toLowerCase();
  return (value as number).toFixed(DECIMALS);
}
