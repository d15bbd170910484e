import type { Buffer } from "node:buffer";
import { bytesPerElement, NdArray, type TensorSpec } from "bentoml-core";
import { tensorFromBytes } from "./binary-tensors.js";
import { decodeText } from "./bytes-elements.js";
import { NO_CALL_PARAMETERS } from "./call-parameters.js";
import type { InferRequest } from "./infer-request.js";
import { invalidRequest, quoted } from "./invalid-request.js";
import { ALL_BINARY } from "./requested-outputs.js";

/**
 * Reads a raw request (Inference-Header-Content-Length: 0): the body is the tensor of the model's only input and nothing
 * else, its shape follows from the model's. One dimension may be open, it takes what the length gives; with two, the
 * first is taken for the batch and is 1. The body of a BYTES input is one element, without a length in front.
 */
export function parseRawRequest(bytes: Buffer, inputs: readonly TensorSpec[]): InferRequest {
  const [input] = inputs;
  if (input === undefined || inputs.length !== 1) {
    throw invalidRequest(
      `a raw request (Inference-Header-Content-Length: 0) needs a model of one input, this one has ${inputs.length || "no known inputs"}: send JSON in front of the tensors`,
    );
  }
  return { id: undefined, inputs: { [input.name]: rawTensor(bytes, input) }, outputs: ALL_BINARY, call: NO_CALL_PARAMETERS };
}

function rawTensor(bytes: Buffer, input: TensorSpec): NdArray {
  const { name, dtype } = input;
  if (dtype === "string") {
    return new NdArray(dtype, resolveShape(input, 1), [decodeText(name, 0, bytes)]);
  }
  const elements = bytes.length / bytesPerElement(dtype);
  return tensorFromBytes(name, dtype, resolveShape(input, elements), bytes);
}

function resolveShape({ name, shape }: TensorSpec, elements: number): readonly number[] {
  const resolved = shape.map((length) => (typeof length === "number" && length >= 0 ? length : undefined));
  const open = resolved.flatMap((length, dimension) => (length === undefined ? [dimension] : []));
  if (open.length === 2 && open[0] === 0) {
    resolved[0] = 1;
    open.shift();
  }
  if (open.length > 1) {
    throw invalidRequest(
      `a raw request does not tell the shape of input ${quoted(name)}, whose shape [${shape.join(", ")}] is open: send JSON in front of the tensor`,
    );
  }
  const known = resolved.reduce<number>((product, length) => product * (length ?? 1), 1);
  if (open[0] !== undefined) {
    const length = known === 0 ? 0 : elements / known;
    if (!Number.isInteger(length)) {
      throw invalidRequest(`input ${quoted(name)}: the body does not fill whole entries of shape [${shape.join(", ")}]`);
    }
    resolved[open[0]] = length;
  }
  return resolved as number[];
}
