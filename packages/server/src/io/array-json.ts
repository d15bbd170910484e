import { NdArray, type Dtype } from "bentoml-core";
import { quoteLongIntegers } from "../protocol/exact-integers.js";
import { jsonOf } from "./text-bytes.js";

/** The nested lists of a JSON text. Integers of 64 bits keep all their digits, as bigints. */
export function nestedOf(text: string, dtype: Dtype | undefined): unknown {
  if ((dtype !== "int64" && dtype !== "uint64") || !/\d{16}/.test(text)) return jsonOf(text);
  // A string of digits is no integer in the text itself, so it must be told from those that are made here.
  const strings = /"-?\d+"/.test(text);
  const value = jsonOf(strings ? text : quoteLongIntegers(text), (_key, item) => (!strings && typeof item === "string" ? BigInt(item) : item));
  return value;
}

/**
 * An array as nested JSON lists.
 *
 * @throws TypeError for NaN and infinities, which JSON has not.
 */
export function arrayText({ dtype, shape, data }: NdArray): string {
  const element = elementText(dtype);
  let position = 0;
  const level = (dim: number): string => {
    if (dim === shape.length) return element(data[position++], position - 1);
    const parts: string[] = [];
    for (let index = 0; index < (shape[dim] as number); index++) parts.push(level(dim + 1));
    return `[${parts.join(",")}]`;
  };
  if (dtype === "float16" || dtype === "bfloat16") return arrayText(new NdArray(dtype, shape, data as Uint16Array).cast("float32"));
  return level(0);
}

function elementText(dtype: Dtype): (value: unknown, position: number) => string {
  if (dtype === "bool") return (value) => (value === 0 ? "false" : "true");
  if (dtype === "string") return (value) => JSON.stringify(value);
  return (value, position) => {
    if (typeof value === "number" && !Number.isFinite(value)) {
      throw new TypeError(`element ${position} of the answer is ${value}, which has no JSON form: clients may ask for application/octet-stream`);
    }
    return String(value);
  };
}
