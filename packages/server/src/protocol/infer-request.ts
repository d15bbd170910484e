import { isUtf8, type Buffer } from "node:buffer";
import { datatypeNames, datatypeOf, dtypeOfDatatype, type Dtype, type NamedTensors, type NdArray, type TensorSpec } from "bentoml-core";
import { tensorFromBytes } from "./binary-tensors.js";
import { readCallParameters, type CallParameters } from "./call-parameters.js";
import { quoteLongIntegers } from "./exact-integers.js";
import { flatValues } from "./flat-values.js";
import { describeJson, invalidRequest, quoted } from "./invalid-request.js";
import { tensorFromJson } from "./json-tensors.js";
import { readRequestedOutputs, type RequestedOutputs } from "./requested-outputs.js";
import { readShape } from "./tensor-shape.js";

/** An infer request as the server works with it. */
export interface InferRequest {
  /** Comes back in the response when the client gave one. */
  readonly id: string | undefined;
  readonly inputs: NamedTensors;
  readonly outputs: RequestedOutputs;
  readonly call: CallParameters;
}

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads an infer request. `bytes` is the whole decoded body; `headerLength` is how many of them are JSON (the rest is
 * binary tensors in the order of the inputs), undefined when all are.
 * Checks what the protocol says: JSON types, data length against shape, names given twice, and that each datatype is the
 * one that the model's metadata (`specs`) announces: runners would cast where they can. Whether names and shapes are the
 * model's is for the runner to check. Throws InvalidArgumentError that names the input.
 */
export function parseInferRequest(bytes: Buffer, headerLength: number | undefined, specs: readonly TensorSpec[] = []): InferRequest {
  const json = readText(headerLength === undefined ? bytes : bytes.subarray(0, headerLength));
  const body = parseObject(json);
  const id = body["id"];
  if (id !== undefined && typeof id !== "string") {
    throw invalidRequest(`"id" must be a string, it is ${describeJson(id)}`);
  }
  const outputs = readRequestedOutputs(body["outputs"], body["parameters"]);
  const reader = new InputReader(json, headerLength === undefined ? undefined : bytes, headerLength ?? 0, specs);
  return { id, inputs: reader.readAll(body["inputs"]), outputs, call: readCallParameters(body["parameters"]) };
}

function readText(bytes: Buffer): string {
  if (bytes.length === 0) throw invalidRequest("the request has no body, it must be an infer request");
  const text = bytes.toString("utf8");
  if (text.includes("\ufffd") && !isUtf8(bytes)) throw invalidRequest("the JSON of the request is not UTF-8");
  return text;
}

function parseObject(json: string): JsonObject {
  let body: unknown;
  try {
    body = JSON.parse(json);
  } catch (error) {
    throw invalidRequest(
      `the request is not valid JSON: ${(error as Error).message}. Binary tensors need the header Inference-Header-Content-Length; NaN and Infinity have no JSON form`,
    );
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw invalidRequest(`the request must be a JSON object, it is ${describeJson(body)}`);
  }
  return body as JsonObject;
}

/** Reads the inputs in their order, and the binary tensors behind the JSON as they come up. */
class InputReader {
  readonly #specs: readonly TensorSpec[];
  readonly #json: string;
  readonly #binary: Buffer | undefined;
  #position: number;
  #exactInputs: readonly JsonObject[] | undefined;

  constructor(json: string, binary: Buffer | undefined, position: number, specs: readonly TensorSpec[]) {
    this.#specs = specs;
    this.#json = json;
    this.#binary = binary;
    this.#position = position;
  }

  readAll(inputs: unknown): NamedTensors {
    if (!Array.isArray(inputs) || inputs.length === 0) {
      throw invalidRequest(`"inputs" must be an array of at least one input, it is ${describeJson(inputs)}${Array.isArray(inputs) ? " of none" : ""}`);
    }
    const tensors: Record<string, NdArray> = {};
    for (let index = 0; index < inputs.length; index++) {
      const input = inputs[index] as JsonObject | null;
      if (typeof input !== "object" || input === null) {
        throw invalidRequest(`entry ${index} of "inputs" must be an object, it is ${describeJson(input)}`);
      }
      const name = readName(input["name"], index);
      if (index > 0 && Object.hasOwn(tensors, name)) throw invalidRequest(`input ${quoted(name)} is given twice`);
      tensors[name] = this.#readInput(input, name, index);
    }
    if (this.#binary !== undefined && this.#position !== this.#binary.length) {
      throw invalidRequest(`the body has ${this.#binary.length - this.#position} bytes more than its JSON and its binary inputs take`);
    }
    return tensors;
  }

  #readInput(input: JsonObject, name: string, index: number): NdArray {
    const dtype = dtypeOfDatatype(input["datatype"]);
    if (dtype === undefined) {
      throw invalidRequest(`input ${quoted(name)}: "datatype" must be one of ${datatypeNames}, it is ${describeJson(input["datatype"])}`);
    }
    this.#checkDatatype(dtype, name, index);
    const shape = readShape(input["shape"], name);
    const parameters = input["parameters"];
    if (parameters !== undefined) {
      const size = readBinarySize(parameters, name);
      if (size !== undefined) return tensorFromBytes(name, dtype, shape, this.#takeBytes(size, name, input["data"]));
    }
    const data = input["data"];
    if (data === undefined) {
      throw invalidRequest(`input ${quoted(name)} has neither "data" nor the parameter "binary_data_size"`);
    }
    return tensorFromJson(name, dtype, shape, flatValues(data, shape, name), () => this.#readExactly(index, shape, name));
  }

  /** Clients mostly send the inputs in the model's order. A name that is not the model's is left to the runner. */
  #checkDatatype(dtype: Dtype, name: string, index: number): void {
    const atIndex = this.#specs[index];
    const spec = atIndex?.name === name ? atIndex : this.#specs.find((candidate) => candidate.name === name);
    if (spec !== undefined && spec.dtype !== dtype) {
      throw invalidRequest(`input ${quoted(name)}: the model takes ${datatypeOf[spec.dtype]}, "datatype" is ${datatypeOf[dtype]}`);
    }
  }

  #takeBytes(size: number, name: string, data: unknown): Buffer {
    if (data !== undefined) throw invalidRequest(`input ${quoted(name)} has both "data" and the parameter "binary_data_size"`);
    if (this.#binary === undefined) {
      throw invalidRequest(`input ${quoted(name)} is binary, but the request has no header Inference-Header-Content-Length`);
    }
    const end = this.#position + size;
    if (end > this.#binary.length) {
      throw invalidRequest(
        `input ${quoted(name)}: "binary_data_size" is ${size}, the body has ${this.#binary.length - this.#position} bytes left for it`,
      );
    }
    const bytes = this.#binary.subarray(this.#position, end);
    this.#position = end;
    return bytes;
  }

  #readExactly(index: number, shape: readonly number[], name: string): readonly unknown[] {
    this.#exactInputs ??= (JSON.parse(quoteLongIntegers(this.#json)) as { inputs: JsonObject[] }).inputs;
    return flatValues(this.#exactInputs[index]?.["data"], shape, name);
  }
}

function readName(name: unknown, index: number): string {
  if (typeof name !== "string" || name === "") {
    throw invalidRequest(`entry ${index} of "inputs": "name" must be a string that is not empty, it is ${describeJson(name)}`);
  }
  // Assigning this key would change the record's prototype.
  if (name === "__proto__") throw invalidRequest(`there is no input ${quoted(name)}`);
  return name;
}

function readBinarySize(parameters: unknown, name: string): number | undefined {
  if (typeof parameters !== "object" || parameters === null) {
    throw invalidRequest(`input ${quoted(name)}: "parameters" must be an object, it is ${describeJson(parameters)}`);
  }
  const { binary_data_size: size, shared_memory_region: region } = parameters as JsonObject;
  if (region !== undefined) {
    throw invalidRequest(`input ${quoted(name)}: shared memory is not supported, send "data" or binary data`);
  }
  if (size === undefined) return undefined;
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    throw invalidRequest(`input ${quoted(name)}: "binary_data_size" must be a whole number of 0 or more, it is ${describeJson(size)}`);
  }
  return size;
}
