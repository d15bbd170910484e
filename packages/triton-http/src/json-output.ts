import { Buffer } from "node:buffer";
import { allocate, numberToBfloat16, numberToFloat16, type Dtype, type NdArray } from "bentoml-core";
import { badReply } from "./server-errors.js";

/** Elements that came as JSON, as data of an array. Text stands for numbers that JSON cannot say: "NaN", "Infinity", long integers. */
export function dataFromJson(output: string, dtype: Exclude<Dtype, "string">, values: readonly unknown[]): NdArray["data"] {
  const data = allocate(dtype, values.length) as Exclude<NdArray["data"], string[]>;
  const convert = converters[dtype] ?? toNumber;
  for (let index = 0; index < values.length; index++) {
    const element = convert(values[index]);
    if (element === undefined) throw badReply(`element ${index} of the ${dtype} output "${output}" is ${JSON.stringify(values[index])}`);
    data[index] = element;
  }
  return data;
}

type Converter = (value: unknown) => number | bigint | undefined;

const converters: Partial<Record<Dtype, Converter>> = {
  bool: (value) => (typeof value === "boolean" ? Number(value) : undefined),
  int64: toBigInt,
  uint64: toBigInt,
  float16: (value) => mapped(toNumber(value), numberToFloat16),
  bfloat16: (value) => mapped(toNumber(value), numberToBfloat16),
};

const NUMBER_TEXT = /^(?:NaN|-?Infinity|-?\d+)$/;

function toNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && NUMBER_TEXT.test(value) ? Number(value) : undefined;
}

function toBigInt(value: unknown): bigint | undefined {
  if (Number.isSafeInteger(value)) return BigInt(value as number);
  return typeof value === "string" && /^-?\d+$/.test(value) ? BigInt(value) : undefined;
}

function mapped(value: number | undefined, change: (value: number) => number): number | undefined {
  return value === undefined ? undefined : change(value);
}

/** @param isBytewise Whether each character of the text stands for one byte. */
export function bytesFromJson(output: string, values: readonly unknown[], isBytewise: boolean): Uint8Array[] {
  return values.map((value, index) => {
    if (typeof value !== "string") throw badReply(`element ${index} of the BYTES output "${output}" is ${JSON.stringify(value)}`);
    return new Uint8Array(Buffer.from(value, isBytewise ? "latin1" : "utf8"));
  });
}
