import type { TensorSummary } from "../src/page/page-data.js";
import { decodeHalves, encodeHalves, isHalf } from "./half-floats.js";
import type { Answer } from "./server-client.js";
import type { TensorValue } from "./tensor-value.js";

/** An infer request that is ready to be sent. */
export interface InferRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Blob;
}

/** Whether a call has to use the protocol's binary extension: JSON has no form for floats of 16 bits. */
export function needsBinary(inputs: readonly Pick<TensorSummary, "datatype">[], outputs: readonly Pick<TensorSummary, "datatype">[]): boolean {
  return [...inputs, ...outputs].some(({ datatype }) => isHalf(datatype));
}

/** The request as JSON, for all that JSON can carry. */
export function inferJson(inputs: readonly TensorValue[]): string {
  return JSON.stringify({ inputs });
}

/** The request for these values; floats of 16 bits follow the JSON part as bytes, in the order of the inputs, and are asked for in the same way. */
export function inferRequest(inputs: readonly TensorValue[], outputs: readonly TensorSummary[]): InferRequest {
  if (!needsBinary(inputs, outputs)) return { headers: { "Content-Type": "application/json" }, body: inferJson(inputs) };
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const described = inputs.map(({ data, ...tensor }) => {
    if (!isHalf(tensor.datatype)) return { ...tensor, data };
    const bytes = encodeHalves(data.map(Number), tensor.datatype);
    parts.push(bytes);
    return { ...tensor, parameters: { binary_data_size: bytes.length } };
  });
  const wanted = outputs.map(({ name, datatype }) => ({ name, parameters: { binary_data: isHalf(datatype) } }));
  const json = new TextEncoder().encode(JSON.stringify({ inputs: described, outputs: wanted }));
  return { headers: { "Content-Type": "application/octet-stream", "Inference-Header-Content-Length": String(json.length) }, body: new Blob([json, ...parts]) };
}

/** What a successful answer holds. */
export interface InferOutputs {
  readonly outputs: readonly TensorValue[];
  /** Its JSON part. */
  readonly text: string;
}

interface DescribedOutput extends Omit<TensorValue, "data"> {
  readonly data?: TensorValue["data"];
  readonly parameters?: { readonly binary_data_size?: number };
}

export function readOutputs({ bytes, jsonLength }: Pick<Answer, "bytes" | "jsonLength">): InferOutputs {
  const text = new TextDecoder().decode(bytes.subarray(0, jsonLength));
  const { outputs } = JSON.parse(text) as { outputs: readonly DescribedOutput[] };
  let at = jsonLength ?? bytes.length;
  const read = ({ name, datatype, shape, data = [], parameters }: DescribedOutput): TensorValue => {
    const size = parameters?.binary_data_size;
    if (size === undefined || !isHalf(datatype)) return { name, datatype, shape, data };
    at += size;
    return { name, datatype, shape, data: decodeHalves(bytes.subarray(at - size, at), datatype) };
  };
  return { outputs: outputs.map(read), text };
}
