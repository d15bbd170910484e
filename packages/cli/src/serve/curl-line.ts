import type { Dtype, TensorSpec } from "bentoml-core";
import type { ServedModel } from "bentoml-server";

/** The protocol's name of each dtype that JSON can carry, and how a first value is written. */
const jsonTypes: Readonly<Partial<Record<Dtype, { readonly datatype: string; readonly value: string }>>> = {
  bool: { datatype: "BOOL", value: "false" },
  uint8: { datatype: "UINT8", value: "0" },
  uint16: { datatype: "UINT16", value: "0" },
  uint32: { datatype: "UINT32", value: "0" },
  uint64: { datatype: "UINT64", value: "0" },
  int8: { datatype: "INT8", value: "0" },
  int16: { datatype: "INT16", value: "0" },
  int32: { datatype: "INT32", value: "0" },
  int64: { datatype: "INT64", value: "0" },
  float32: { datatype: "FP32", value: "0" },
  float64: { datatype: "FP64", value: "0" },
  string: { datatype: "BYTES", value: '""' },
};

/** Longer data is made by the shell. */
const MOST_WRITTEN = 16;

/**
 * A command that asks a served model for the answer to zeros and works when it is pasted into a POSIX shell. For a model
 * that JSON cannot ask (float16 inputs, or none known), one that shows what it takes. Without a version, as the server's
 * first model of its name. A token stands in the shell's $TOKEN.
 */
export function curlLine(url: string, model: Pick<ServedModel, "name" | "inputs">, needsToken = false): string {
  const modelUrl = `${needsToken ? '-H "Authorization: Bearer $TOKEN" ' : ""}${url}/v2/models/${model.name}`;
  const inputs = model.inputs.map(jsonInput);
  if (inputs.length === 0 || inputs.includes(undefined)) return `curl -s ${modelUrl}`;
  const body = `{"inputs":[${inputs.join(",")}]}`;
  return body.includes("$(")
    ? // By way of a pipe: arguments of a command are limited to 128 KiB on Linux.
      `printf %s '${body}' | curl -s -d @- ${modelUrl}/infer`
    : `curl -s -d '${body}' ${modelUrl}/infer`;
}

/** Text of one input; it stands within single quotes of the shell. */
function jsonInput({ name, dtype, shape }: TensorSpec): string | undefined {
  const type = jsonTypes[dtype];
  if (type === undefined) return undefined;
  const lengths = shape.map((length) => (typeof length === "number" && length >= 0 ? length : 1));
  const size = lengths.reduce((product, length) => product * length, 1);
  const head = `"name":${quotedName(name)},"datatype":"${type.datatype}","shape":[${lengths.join(",")}]`;
  return `{${head},"data":[${size > MOST_WRITTEN ? repeated(dtype === "string" ? `'${type.value}'` : type.value, size) : Array<string>(size).fill(type.value).join(",")}]}`;
}

/** Leaves the single quotes for a moment to let the shell count. */
function repeated(value: string, count: number): string {
  return `'$(yes ${value} | head -n ${count} | paste -sd, -)'`;
}

/** JSON of a name that comes from a stranger, for single quotes of the shell and safe to print. */
function quotedName(name: string): string {
  return JSON.stringify(name)
    .replace(/[\u007f-\u009f]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)
    .replaceAll("'", `'\\''`);
}
