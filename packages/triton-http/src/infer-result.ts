import { Buffer } from "node:buffer";
import { bytesPerElement, datatypeNames, dtypeOfDatatype, InvalidArgumentError, NdArray, viewOf, type Dtype, type NamedTensors } from "bentoml-core";
import { decodeElements, textOf } from "./bytes-elements.js";
import { expanded } from "./compression.js";
import { parseExactly } from "./exact-json.js";
import { bytesFromJson, dataFromJson } from "./json-output.js";
import { readHead, responseOf, type InferOutput, type InferResponse, type ReplyHead } from "./reply-head.js";
import { badReply } from "./server-errors.js";

/** The answer to an infer request. Arrays that it gives own their memory. */
export class InferResult {
  readonly #head: ReplyHead;
  readonly #body: Uint8Array;
  #response: InferResponse | undefined;
  #exact: InferResponse | undefined;

  /**
   * @param body A whole, expanded body.
   * @param headerLength How many bytes of it are JSON; undefined when all are.
   * @throws BentoMLError with the code `BAD_SERVER_REPLY` when it cannot be read.
   */
  constructor(body: Uint8Array, headerLength?: number) {
    this.#head = readHead(Buffer.from(body.buffer, body.byteOffset, body.byteLength), headerLength);
    this.#body = body;
  }

  /** Reads a body that came by another way, such as one that was recorded. */
  static async fromResponseBody(body: Uint8Array, { headerLength, contentEncoding }: { readonly headerLength?: number; readonly contentEncoding?: string } = {}): Promise<InferResult> {
    return new InferResult(contentEncoding === undefined ? body : await expanded(body, contentEncoding), headerLength);
  }

  /** The model that answered. */
  get modelName(): string {
    return this.#head.response.model_name;
  }

  /** Its version, if the server says it. */
  get modelVersion(): string | undefined {
    return this.#head.response.model_version;
  }

  /** `requestId` of the request. */
  get id(): string | undefined {
    return this.#head.response.id;
  }

  /** Names in the order of the answer, which is not always that of the request. */
  get outputNames(): readonly string[] {
    return this.#head.response.outputs.map(({ name }) => name);
  }

  /** The JSON of the answer; integers of its `data` beyond 2^53 may be rounded there, arrays have them exactly. */
  getResponse(): InferResponse {
    this.#response ??= this.#head.isShared ? responseOf(this.#head.json) : this.#head.response;
    return this.#response;
  }

  /** What the answer says of an output; undefined for one that it does not have. */
  getOutput(name: string): InferOutput | undefined {
    return this.getResponse().outputs.find((output) => output.name === name);
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
    const bytes = this.#bytesOf(name);
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
    const bytes = this.#bytesOf(name);
    return bytes === undefined ? bytesFromJson(name, this.#dataOf(output), this.#head.isBytewise) : decodeElements(name, bytes);
  }

  /** Every output as an array, by name; those in shared memory are left out. */
  asNdArrays(): NamedTensors {
    const there = this.#head.response.outputs.filter((output) => this.#head.parts.has(output.name) || output.data !== undefined);
    return Object.fromEntries(there.map(({ name }) => [name, this.asNdArray(name)]));
  }

  #output(name: string): InferOutput {
    const output = this.#head.response.outputs.find((known) => known.name === name);
    if (output !== undefined) return output;
    throw new InvalidArgumentError(`The answer has no output "${name}", its outputs are ${this.outputNames.map((known) => `"${known}"`).join(", ") || "(none)"}.`);
  }

  /** Undefined for an output whose elements are in the JSON or in shared memory. */
  #bytesOf(name: string): Uint8Array | undefined {
    const part = this.#head.parts.get(name);
    if (part === undefined) return undefined;
    const { buffer, byteOffset, byteLength } = this.#body;
    const [start, end] = part;
    return new Uint8Array(buffer, byteOffset + byteLength - this.#head.binarySize + start, end - start);
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
    this.#exact ??= parseExactly(this.#head.json) as InferResponse;
    return this.#dataOf(this.#exact.outputs.find(({ name }) => name === output.name) as InferOutput);
  }

  #built(output: InferOutput, dtype: Dtype, data: NdArray["data"]): NdArray {
    try {
      return new NdArray(dtype, [...output.shape], data);
    } catch (error) {
      throw badReply(`output "${output.name}": ${(error as Error).message}`, error);
    }
  }
}

/** Copied: an answer's bytes lie anywhere in it, and whoever keeps an array must not keep the whole answer. */
function elementsOf(name: string, dtype: Dtype, bytes: Uint8Array): NdArray["data"] {
  const width = bytesPerElement(dtype);
  if (bytes.byteLength % width !== 0) throw badReply(`output "${name}" has ${bytes.byteLength} bytes, which is no multiple of ${width}`);
  return viewOf(dtype, new Uint8Array(bytes).buffer, 0, bytes.byteLength / width);
}
