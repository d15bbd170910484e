import { Buffer } from "node:buffer";
import { InvalidArgumentError, NdArray, type NamedTensors } from "bentoml-core";
import { ArrayInput, type RequestInput } from "./array-input.js";
import { InferInput, type SharedMemory } from "./infer-input.js";
import type { InferRequestedOutput } from "./infer-requested-output.js";

/** A value of a request's `parameters`: no lists or records. */
export type ParameterValue = string | number | bigint | boolean;

/** What a request says beside its inputs. */
export interface InferRequestOptions {
  /** Names, or how each comes. Default: all, as the client says. */
  readonly outputs?: readonly (InferRequestedOutput | string)[];
  /** Comes back as `id` of the result. */
  readonly requestId?: string;
  /** Which sequence the request is a part of: not 0, not "". */
  readonly sequenceId?: number | bigint | string;
  /** Whether it is the first of its sequence. Default false. */
  readonly sequenceStart?: boolean;
  /** Whether it is the last of its sequence. Default false. */
  readonly sequenceEnd?: boolean;
  /** 1 is the most urgent; 0 is what the model's configuration says. */
  readonly priority?: number;
  /** How long the request may wait in the server's queue, ms, where the model's configuration allows to say so. */
  readonly queueTimeoutMs?: number;
  /** Parameters of the model's own. */
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
}

/** The body of a request. */
export interface EncodedRequest {
  /** JSON, and behind it the data of binary inputs. */
  readonly body: Uint8Array;
  /** How many bytes of it are JSON, when binary inputs follow them; undefined when all are. Value of `Inference-Header-Content-Length`. */
  readonly headerLength: number | undefined;
}

/** Named inputs, or a record of arrays by input name. */
export type InferInputs = readonly InferInput[] | NamedTensors;

/** Parameters that have a place of their own in the options. */
const RESERVED: ReadonlySet<string> = new Set(["sequence_id", "sequence_start", "sequence_end", "priority", "timeout", "headers", "binary_data_output"]);

/**
 * The body of an infer request. The inputs' bytes are copied into it.
 *
 * @param binary Form of inputs and outputs that do not say theirs.
 * @throws InvalidArgumentError for inputs without a dtype or data, and parameters that the protocol keeps for itself.
 */
export function encodeInferRequest(inputs: InferInputs, options: InferRequestOptions = {}, binary = true): EncodedRequest {
  const all = listOf(inputs);
  const { outputs } = options;
  const parts: Uint8Array[] = [];
  let size = 0;
  const inputTexts = all.map((input) => {
    const raw = bytesOf(input, binary);
    if (raw === undefined) return inputText(input, undefined);
    parts.push(raw);
    size += raw.byteLength;
    return inputText(input, raw.byteLength);
  });
  const outputTexts = outputs === undefined ? "" : `,"outputs":[${outputs.map((output) => outputText(output, binary)).join(",")}]`;
  const json = `{${headText(options, outputs === undefined && binary)}"inputs":[${inputTexts.join(",")}]${outputTexts}}`;
  if (parts.length === 0) return { body: Buffer.from(json), headerLength: undefined };
  return joined(json, parts, size);
}

/** @throws InvalidArgumentError for what JavaScript lets through, such as arrays without a dtype. */
function listOf(inputs: InferInputs): readonly RequestInput[] {
  const given: unknown = inputs;
  if (Array.isArray(given) && given.every((input) => InferInput.isInferInput(input))) return given;
  if (typeof given !== "object" || given === null || Array.isArray(given) || NdArray.isNdArray(given)) {
    throw new InvalidArgumentError("The inputs of a request are a record of NdArrays by input name, such as { image }, or a list of InferInputs.");
  }
  return Object.entries(given).map(([name, array]) => new ArrayInput(name, checkedArray(name, array)));
}

function checkedArray(name: string, value: unknown): NdArray {
  if (NdArray.isNdArray(value)) return value;
  throw new InvalidArgumentError(
    `Input "${name}" is no NdArray, so it does not say its dtype and shape: give NdArray.from(…, "float32"), or call the model by a runner, which takes lists and typed arrays too.`,
  );
}

/** What goes behind the JSON; undefined for what goes in it, or lies in shared memory. */
function bytesOf(input: RequestInput, binary: boolean): Uint8Array | undefined {
  if (input.sharedMemory !== undefined || !(input.binary ?? binary)) return undefined;
  return input.raw;
}

function joined(json: string, parts: readonly Uint8Array[], size: number): EncodedRequest {
  const headerLength = Buffer.byteLength(json);
  const body = Buffer.allocUnsafe(headerLength + size);
  // Text with no letter of more than a byte is copied as it lies.
  body.write(json, headerLength === json.length ? "latin1" : "utf8");
  let position = headerLength;
  for (const part of parts) {
    body.set(part, position);
    position += part.byteLength;
  }
  return { body, headerLength };
}

function inputText(input: RequestInput, size: number | undefined): string {
  const start = `{"name":${JSON.stringify(input.name)},"shape":[${input.shape.join(",")}],"datatype":"${input.datatype}",`;
  if (input.sharedMemory !== undefined) return `${start}"parameters":{${sharedMemoryText(input.sharedMemory)}}}`;
  return size === undefined ? `${start}"data":${input.jsonData()}}` : `${start}"parameters":{"binary_data_size":${size}}}`;
}

function outputText(output: InferRequestedOutput | string, binary: boolean): string {
  if (typeof output === "string") return `{"name":${JSON.stringify(output)},"parameters":{"binary_data":${binary}}}`;
  const parameters: string[] = [];
  if (output.classCount > 0) parameters.push(`"classification":${output.classCount}`);
  if (output.sharedMemory === undefined) parameters.push(`"binary_data":${output.binary ?? binary}`);
  else parameters.push(sharedMemoryText(output.sharedMemory));
  return `{"name":${JSON.stringify(output.name)},"parameters":{${parameters.join(",")}}}`;
}

function sharedMemoryText({ region, byteSize, offset }: SharedMemory): string {
  const text = `"shared_memory_region":${JSON.stringify(region)},"shared_memory_byte_size":${byteSize}`;
  return offset === 0 ? text : `${text},"shared_memory_offset":${offset}`;
}

function headText(options: InferRequestOptions, allBinary: boolean): string {
  const { requestId = "" } = options;
  const parameters = parameterTexts(options, allBinary);
  return `${requestId === "" ? "" : `"id":${JSON.stringify(requestId)},`}${parameters.length === 0 ? "" : `"parameters":{${parameters.join(",")}},`}`;
}

function parameterTexts(options: InferRequestOptions, allBinary: boolean): string[] {
  const texts = sequenceTexts(options);
  if (options.priority !== undefined && options.priority !== 0) texts.push(`"priority":${checkedCount("priority", options.priority)}`);
  if (options.queueTimeoutMs !== undefined) texts.push(`"timeout":${checkedCount("queueTimeoutMs", Math.ceil(options.queueTimeoutMs * 1000))}`);
  if (allBinary) texts.push('"binary_data_output":true');
  if (options.parameters !== undefined) for (const [name, value] of Object.entries(options.parameters)) texts.push(parameterText(name, value));
  return texts;
}

function sequenceTexts({ sequenceId, sequenceStart = false, sequenceEnd = false }: InferRequestOptions): string[] {
  if (sequenceId === undefined || sequenceId === "" || Number(sequenceId) === 0) {
    if (sequenceStart || sequenceEnd) throw new InvalidArgumentError("sequenceStart and sequenceEnd need a sequenceId, which is neither 0 nor empty.");
    return [];
  }
  const id = typeof sequenceId === "string" ? JSON.stringify(sequenceId) : checkedCount("sequenceId", sequenceId);
  return [`"sequence_id":${id}`, `"sequence_start":${sequenceStart}`, `"sequence_end":${sequenceEnd}`];
}

function checkedCount(name: string, value: number | bigint): string {
  if (typeof value === "bigint" ? value >= 0n : Number.isSafeInteger(value) && value >= 0) return String(value);
  throw new InvalidArgumentError(`${name} is ${String(value)}; it must be a number of at least 0, whole and below 2^53 unless it is a bigint.`);
}

function parameterText(name: string, value: ParameterValue): string {
  if (RESERVED.has(name)) throw new InvalidArgumentError(`The parameter "${name}" belongs to the protocol: use the option for it.`);
  const isPlain = ["string", "boolean", "bigint"].includes(typeof value) || (typeof value === "number" && Number.isFinite(value));
  if (!isPlain) throw new InvalidArgumentError(`The parameter "${name}" must be a string, a finite number, a bigint or a boolean, not ${String(value)}.`);
  return `${JSON.stringify(name)}:${typeof value === "bigint" ? String(value) : JSON.stringify(value)}`;
}
