import { Buffer, isUtf8 } from "node:buffer";
import { bytesPerElement, datatypeNames, dtypeOfDatatype, InvalidArgumentError, NdArray, viewOf, type Dtype, type NamedTensors } from "bentoml-core";
import { decodeElements, textOf } from "./bytes-elements.js";
import { expanded } from "./compression.js";
import { parseExactly } from "./exact-json.js";
import { bytesFromJson, dataFromJson } from "./json-output.js";
import { badReply } from "./server-errors.js";

/** What an answer says of one of its outputs. */
export interface InferOutput {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Elements that came as JSON. */
  readonly data?: readonly unknown[];
}

/** The JSON of an answer. */
export interface InferResponse {
  readonly model_name: string;
  readonly model_version?: string;
  readonly id?: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly outputs: readonly InferOutput[];
}

/** The answer to an infer request. Arrays that it gives own their memory. */
export class InferResult {
  readonly #response: InferResponse;
  /** Bytes of each binary output. */
  readonly #binary: ReadonlyMap<string, Uint8Array>;
  readonly #json: string;
  /** Whether each character of the JSON stands for one byte, because it is not UTF-8. */
  readonly #isBytewise: boolean;
  #exact: InferResponse | undefined;

  /**
   * @param body A whole, expanded body.
   * @param headerLength How many bytes of it are JSON; undefined when all are.
   * @throws BentoMLError with the code `BAD_SERVER_REPLY` when it cannot be read.
   */
  constructor(body: Uint8Array, headerLength?: number) {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    if (headerLength !== undefined && !(headerLength >= 0 && headerLength <= bytes.length)) {
      throw badReply(`its header Inference-Header-Content-Length is ${headerLength}, its body has ${bytes.length} bytes`);
    }
    const head = headerLength === undefined ? bytes : bytes.subarray(0, headerLength);
    // Triton writes BYTES that are not UTF-8 into its JSON as they are.
    this.#isBytewise = !isUtf8(head);
    this.#json = head.toString(this.#isBytewise ? "latin1" : "utf8");
    this.#response = responseOf(this.#json);
    this.#binary = binaryParts(this.#response.outputs, bytes.subarray(head.length));
  }

  /** Reads a body that came by another way, such as one that was recorded. */
  static async fromResponseBody(body: Uint8Array, { headerLength, contentEncoding }: { readonly headerLength?: number; readonly contentEncoding?: string } = {}): Promise<InferResult> {
    return new InferResult(contentEncoding === undefined ? body : await expanded(body, contentEncoding), headerLength);
  }

  get modelName(): string {
    return this.#response.model_name;
  }

  get modelVersion(): string | undefined {
    return this.#response.model_version;
  }

  /** `requestId` of the request. */
  get id(): string | undefined {
    return this.#response.id;
  }

  /** Names in the order of the answer, which is not always that of the request. */
  get outputNames(): readonly string[] {
    return this.#response.outputs.map(({ name }) => name);
  }

  /** The JSON of the answer; integers of its `data` beyond 2^53 may be rounded there, arrays have them exactly. */
  getResponse(): InferResponse {
    return this.#response;
  }

  /** What the answer says of an output; undefined for one that it does not have. */
  getOutput(name: string): InferOutput | undefined {
    return this.#response.outputs.find((output) => output.name === name);
  }

  /**
   * An output as an array.
   *
   * @throws InvalidArgumentError for an output that the answer does not have, that lies in shared memory, or whose BYTES are not UTF-8.
   */
  asNdArray(name: string): NdArray {
    const output = this.#output(name);
    const dtype = dtypeOfDatatype(output.datatype);
    if (dtype === undefined) throw badReply(`output "${name}" has the datatype ${JSON.stringify(output.datatype)}, known are ${datatypeNames}`);
    if (dtype === "string") return this.#built(output, "string", this.asBytes(name).map((bytes, index) => textOf(name, index, bytes)));
    const bytes = this.#binary.get(name);
    if (bytes === undefined) return this.#built(output, dtype, dataFromJson(name, dtype, this.#exactData(output)));
    return this.#built(output, dtype, elementsOf(name, dtype, bytes));
  }

  /**
   * The elements of a BYTES output, of which each may be any bytes, in row-major order.
   *
   * @throws InvalidArgumentError for an output that the answer does not have, that lies in shared memory, or of another datatype.
   */
  asBytes(name: string): Uint8Array[] {
    const output = this.#output(name);
    if (output.datatype !== "BYTES") throw new InvalidArgumentError(`Output "${name}" is ${output.datatype}, not BYTES: read it with asNdArray("${name}").`);
    const bytes = this.#binary.get(name);
    return bytes === undefined ? bytesFromJson(name, this.#dataOf(output), this.#isBytewise) : decodeElements(name, bytes);
  }

  /** Every output as an array, by name; those in shared memory are left out. */
  asNdArrays(): NamedTensors {
    const there = this.#response.outputs.filter((output) => this.#binary.has(output.name) || output.data !== undefined);
    return Object.fromEntries(there.map(({ name }) => [name, this.asNdArray(name)]));
  }

  #output(name: string): InferOutput {
    const output = this.getOutput(name);
    if (output !== undefined) return output;
    throw new InvalidArgumentError(`The answer has no output "${name}", its outputs are ${this.outputNames.map((known) => `"${known}"`).join(", ") || "(none)"}.`);
  }

  #dataOf(output: InferOutput): readonly unknown[] {
    if (output.data !== undefined) return output.data.flat(Infinity);
    if (output.shape.includes(0)) return [];
    throw new InvalidArgumentError(`Output "${output.name}" came without its elements: they lie in shared memory.`);
  }

  /** With 64-bit integers as text where they could have been rounded. */
  #exactData(output: InferOutput): readonly unknown[] {
    const is64Bit = output.datatype === "INT64" || output.datatype === "UINT64";
    const data = this.#dataOf(output);
    if (!is64Bit || data.every((value) => Number.isSafeInteger(value))) return data;
    this.#exact ??= parseExactly(this.#json) as InferResponse;
    return this.#dataOf(this.#exact.outputs.find(({ name }) => name === output.name) as InferOutput);
  }

  #built(output: InferOutput, dtype: Dtype, data: NdArray["data"]): NdArray {
    try {
      return new NdArray(dtype, output.shape, data);
    } catch (error) {
      throw badReply(`output "${output.name}": ${(error as Error).message}`, error);
    }
  }
}

function responseOf(json: string): InferResponse {
  const response = parsedResponse(json) as Partial<InferResponse> | null;
  const outputs: readonly unknown[] | undefined = Array.isArray(response?.outputs) ? response.outputs : undefined;
  if (outputs?.every(isOutput) === true) return response as InferResponse;
  throw badReply('its JSON has no list "outputs" of outputs with a name, a datatype and a shape');
}

function parsedResponse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // Bare NaN and Infinity.
  }
  try {
    return parseExactly(json);
  } catch (error) {
    throw badReply(`its JSON is broken: ${(error as Error).message}`, error);
  }
}

function isOutput(value: unknown): value is InferOutput {
  const { name, datatype, shape, data } = (value ?? {}) as Partial<Record<keyof InferOutput, unknown>>;
  const isShape = Array.isArray(shape) && shape.every((dim) => Number.isSafeInteger(dim) && (dim as number) >= 0);
  return typeof name === "string" && typeof datatype === "string" && isShape && (data === undefined || Array.isArray(data));
}

function binaryParts(outputs: readonly InferOutput[], bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const parts = new Map<string, Uint8Array>();
  let position = 0;
  for (const { name, parameters } of outputs) {
    const size = parameters?.["binary_data_size"];
    if (size === undefined) continue;
    const end = typeof size === "number" && Number.isSafeInteger(size) && size >= 0 ? position + size : Infinity;
    if (end > bytes.byteLength) throw badReply(`output "${name}" should have ${JSON.stringify(size)} bytes, ${bytes.byteLength - position} are left`);
    parts.set(name, bytes.subarray(position, end));
    position = end;
  }
  if (position !== bytes.byteLength) throw badReply(`${bytes.byteLength - position} bytes are left behind its outputs`);
  return parts;
}

/** Copied: an answer's bytes lie anywhere in it, and whoever keeps an array must not keep the whole answer. */
function elementsOf(name: string, dtype: Dtype, bytes: Uint8Array): NdArray["data"] {
  const width = bytesPerElement(dtype);
  if (bytes.byteLength % width !== 0) throw badReply(`output "${name}" has ${bytes.byteLength} bytes, which is no multiple of ${width}`);
  return viewOf(dtype, new Uint8Array(bytes).buffer, 0, bytes.byteLength / width);
}
