import { isUtf8, type Buffer } from "node:buffer";
import { parseExactly } from "./exact-json.js";
import { badReply } from "./server-errors.js";

/** What an answer says of one of its outputs. */
export interface InferOutput {
  /** The output's name in the model. */
  readonly name: string;
  /** "FP32", "BYTES", … */
  readonly datatype: string;
  /** Sizes of the dims, the batch dim among them. */
  readonly shape: readonly number[];
  /** What the server says besides, such as where binary data lie. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Elements that came as JSON. */
  readonly data?: readonly unknown[];
}

/** The JSON of an answer. */
export interface InferResponse {
  /** The model that answered. */
  readonly model_name: string;
  /** Its version, if the server says it. */
  readonly model_version?: string;
  /** `requestId` of the request. */
  readonly id?: string;
  /** What the server says besides. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** In the order of the answer. */
  readonly outputs: readonly InferOutput[];
}

/** The JSON of an answer, read. */
export interface ReplyHead {
  /** Not to be changed, nor given away where it is shared: other answers have the same. */
  readonly response: InferResponse;
  readonly json: string;
  /** Whether each character of the JSON stands for one byte, because it is not UTF-8. */
  readonly isBytewise: boolean;
  /** Where each binary output begins and ends behind the JSON. */
  readonly parts: ReadonlyMap<string, readonly [start: number, end: number]>;
  /** All binary outputs together, bytes. */
  readonly binarySize: number;
  readonly isShared: boolean;
}

/** A model's answers mostly differ in their numbers alone, which lie behind the JSON: that is then read once. */
const known = /* @__PURE__ */ new Map<string, ReplyHead>();
const MOST_KNOWN = 64;
const LONGEST_KNOWN = 2048;

/**
 * @param bytes A whole body.
 * @param headerLength How many of them are JSON; undefined for all.
 * @throws BentoMLError with the code `BAD_SERVER_REPLY` when it cannot be read, or does not fit what is behind it.
 */
export function readHead(bytes: Buffer, headerLength: number | undefined): ReplyHead {
  const length = headerLength ?? bytes.length;
  if (!(length >= 0 && length <= bytes.length)) {
    throw badReply(`its header Inference-Header-Content-Length is ${length}, its body has ${bytes.length} bytes`);
  }
  const binarySize = bytes.length - length;
  // Outputs of no bytes at all come without numbers that could change, too.
  const key = binarySize === 0 || length > LONGEST_KNOWN ? undefined : bytes.toString("latin1", 0, length);
  const shared = key === undefined ? undefined : known.get(key);
  if (shared?.binarySize === binarySize) return shared;
  const head = parsedHead(bytes.subarray(0, length), binarySize);
  if (key === undefined || !isLikeOthers(head.response)) return head;
  if (known.size >= MOST_KNOWN) known.clear();
  const kept = { ...head, isShared: true };
  known.set(key, kept);
  return kept;
}

/** The JSON as an object of the caller's own. */
export function responseOf(json: string): InferResponse {
  const response = parsedResponse(json) as Partial<InferResponse> | null;
  const outputs: readonly unknown[] | undefined = Array.isArray(response?.outputs) ? response.outputs : undefined;
  if (outputs?.every(isOutput) === true) return response as InferResponse;
  throw badReply('its JSON has no list "outputs" of outputs with a name, a datatype and a shape');
}

function isLikeOthers({ id, outputs }: InferResponse): boolean {
  return id === undefined && outputs.every(({ data }) => data === undefined);
}

function parsedHead(bytes: Buffer, binarySize: number): ReplyHead {
  // Triton writes BYTES that are not UTF-8 into its JSON as they are.
  const isBytewise = !isUtf8(bytes);
  const json = bytes.toString(isBytewise ? "latin1" : "utf8");
  const response = responseOf(json);
  return { response, json, isBytewise, parts: partsOf(response.outputs, binarySize), binarySize, isShared: false };
}

function partsOf(outputs: readonly InferOutput[], binarySize: number): ReplyHead["parts"] {
  const parts = new Map<string, readonly [number, number]>();
  let position = 0;
  for (const { name, parameters } of outputs) {
    const size = parameters?.["binary_data_size"];
    if (size === undefined) continue;
    const end = typeof size === "number" && Number.isSafeInteger(size) && size >= 0 ? position + size : Infinity;
    if (end > binarySize) throw badReply(`output "${name}" should have ${JSON.stringify(size)} bytes, ${binarySize - position} are left`);
    parts.set(name, [position, end]);
    position = end;
  }
  if (position !== binarySize) throw badReply(`${binarySize - position} bytes are left behind its outputs`);
  return parts;
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
