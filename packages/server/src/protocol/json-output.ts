import { datatypeOf, type Dtype, type NdArray } from "bentoml-core";
import { invalidRequest, quoted } from "./invalid-request.js";

/** False for the dtypes that travel as binary only. */
export function hasJsonForm(dtype: Dtype): boolean {
  return dtype !== "float16" && dtype !== "bfloat16";
}

/** The refusal (400) of an output whose dtype JSON cannot say. */
export function withoutJsonForm(output: string, dtype: Dtype): Error {
  return noJsonForm(output, `is ${datatypeOf[dtype]}, which has`);
}

/**
 * The elements of an output as JSON, without the brackets around them. 64-bit integers have all their digits. Throws
 * InvalidArgumentError (400) for what JSON cannot say: FP16, BF16, NaN and infinities; the client has to ask for binary.
 */
export function jsonElements(array: NdArray, output: string): string {
  const { dtype, data } = array;
  switch (dtype) {
    case "float32":
    case "float64":
      checkFinite(data as Float32Array | Float64Array, output);
      return (data as Float32Array | Float64Array).join(",");
    case "bool":
      return Array.from(data as Uint8Array, (value) => value !== 0).join(",");
    case "string":
      return JSON.stringify(data).slice(1, -1);
    case "float16":
    case "bfloat16":
      throw withoutJsonForm(output, dtype);
    default:
      return (data as Int32Array).join(",");
  }
}

function checkFinite(data: Float32Array | Float64Array, output: string): void {
  // Infinity * 0 and NaN * 0 are NaN, everything else is 0 or -0.
  let probe = 0;
  for (let index = 0; index < data.length; index++) probe += (data[index] as number) * 0;
  if (probe === 0) return;
  const index = data.findIndex((value) => !Number.isFinite(value));
  throw noJsonForm(output, `has ${data[index]} at element ${index}, which has`);
}

function noJsonForm(output: string, what: string): Error {
  return invalidRequest(
    `output ${quoted(output)} ${what} no JSON form: ask for binary data ("outputs": [{"name": ${quoted(output)}, "parameters": {"binary_data": true}}])`,
  );
}
