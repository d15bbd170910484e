import { InvalidArgumentError, NdArray, Params, type ModelSignature } from "bentoml-core";

export function prepare({ args, kwargs }: Params, { inputSpec = [] }: ModelSignature): Params {
  const wanted = `the input "rows", float32 [${inputSpec[0]?.shape.join(", ")}]`;
  const isRecord = typeof args[0] === "object" && !NdArray.isNdArray(args[0]) && !Array.isArray(args[0]);
  const { rows = args[0], ...others } = (isRecord ? args[0] : kwargs) as Record<string, unknown>;
  const array = Array.isArray(rows) ? NdArray.from(rows, "float32") : rows;
  const surplus = [...args.slice(1), ...Object.keys(others)].length;
  if (surplus > 0) throw new InvalidArgumentError(`Give 1 input, ${wanted}: ${surplus} more came.`);
  if (!NdArray.isNdArray(array)) throw new InvalidArgumentError(`Give ${wanted}: ${typeof rows} came.`);
  if (array.dtype !== "float32" || array.shape.length !== 2 || array.shape[1] !== inputSpec[0]?.shape[1]) {
    throw new InvalidArgumentError(`Give ${wanted}: ${array.dtype} [${array.shape.join(", ")}] came.`);
  }
  return new Params([array]);
}
