import { Buffer } from "node:buffer";
import type { Payload } from "../containers/index.js";
import { aligned, isZero, paddingAfter } from "./alignment.js";
import { containerOfType, typeOfContainer } from "./content-type.js";
import type { FrameLimits } from "./frame-limits.js";
import { countOf, headerOf, type HeaderRecord } from "./header-record.js";
import { parseHeader } from "./json-header.js";
import { malformed, shown, tooLarge } from "./malformed.js";
import type { HttpMessage } from "./http-message.js";
import { checkBatchSize } from "./payload-entries.js";

/** Many servers stop at 8 KiB a header line and 16 KiB of headers; what is longer than this travels as a frame. */
const MOST_HEADER_CHARACTERS = 4096;
const CONTAINER_NAME = /^[A-Za-z][\w.-]{0,199}$/;

/**
 * A payload as headers and raw body: the bytes of its buffer; of several, each at a multiple of 8 of the body. Undefined when
 * headers cannot hold its meta.
 */
export function rawMessage(payload: Payload): HttpMessage | undefined {
  const { container, meta, batchSize, buffers } = payload;
  const metaText = asciiJson(meta);
  const lengths = buffers.length === 1 ? undefined : buffers.map((bytes) => bytes.byteLength).join(", ");
  const fits = metaText.length + (lengths ?? "").length <= MOST_HEADER_CHARACTERS && CONTAINER_NAME.test(container);
  const contentType = typeOfContainer(container);
  if (!fits || containerOfType(contentType) === undefined) return undefined;
  const headers = {
    "Content-Type": contentType,
    "Payload-Container": container,
    "Payload-Meta": metaText,
    "Batch-Size": String(batchSize),
    ...(lengths === undefined ? {} : { "Payload-Buffers": lengths }),
  };
  const body = buffers.flatMap((bytes, index) => (index === buffers.length - 1 ? [bytes] : [bytes, paddingAfter(bytes.byteLength)]));
  return { headers, body };
}

/** @throws InvalidArgumentError when headers are missing, contradict each other or the body, and past a limit. */
export function readRawPayload(headers: HeaderRecord, body: Uint8Array, limits: FrameLimits): Payload {
  if (body.byteLength > limits.maxFrameBytes) throw tooLarge("bytes", body.byteLength, limits.maxFrameBytes, "maxFrameBytes");
  const batchSize = countOf(headers, "Batch-Size");
  checkBatchSize(batchSize);
  return { container: containerNamed(headers), meta: metaOf(headers, limits), batchSize, buffers: cutBuffers(headerOf(headers, "Payload-Buffers"), body, limits) };
}

function containerNamed(headers: HeaderRecord): string {
  const named = headerOf(headers, "Payload-Container");
  const byType = containerOfType(headerOf(headers, "Content-Type"));
  const container = named ?? byType;
  if (container === undefined) throw malformed("neither the header Payload-Container nor Content-Type names a container");
  if (byType !== undefined && byType !== container) throw malformed(`Payload-Container is ${shown(named)}, but Content-Type names ${shown(byType)}`);
  return container;
}

function metaOf(headers: HeaderRecord, limits: FrameLimits): Payload["meta"] {
  const text = headerOf(headers, "Payload-Meta");
  if (text === undefined || /[^ -~]/.test(text)) throw malformed(`the header Payload-Meta must be JSON in ASCII, not ${shown(text)}`);
  if (text.length > limits.maxHeaderBytes) throw tooLarge("characters of Payload-Meta", text.length, limits.maxHeaderBytes, "maxHeaderBytes");
  const bytes = Buffer.from(text, "latin1");
  return parseHeader(bytes, 0, bytes.byteLength, limits) as Payload["meta"];
}

/** Without the header the body is one buffer. */
function cutBuffers(lengths: string | undefined, body: Uint8Array, limits: FrameLimits): Uint8Array[] {
  if (lengths === undefined) return [body];
  if (lengths.length > limits.maxHeaderBytes) throw tooLarge("characters of Payload-Buffers", lengths.length, limits.maxHeaderBytes, "maxHeaderBytes");
  const texts = lengths.trim() === "" ? [] : lengths.split(",");
  if (texts.length > limits.maxBuffers) throw tooLarge("buffers", texts.length, limits.maxBuffers, "maxBuffers");
  let end = 0;
  const buffers = texts.map((text) => {
    const start = aligned(end);
    if (!/^ ?\d{1,15}$/.test(text) || start + Number(text) > body.byteLength) {
      throw malformed(`Payload-Buffers has ${shown(text)}, which is no length that fits the ${String(body.byteLength)} bytes of the body`);
    }
    if (!isZero(body, end, start)) throw malformed("the padding between the buffers of the body is not zero");
    end = start + Number(text);
    return body.subarray(start, end);
  });
  if (end !== body.byteLength) throw malformed(`the body has ${String(body.byteLength)} bytes, but Payload-Buffers ends at ${String(end)}`);
  return buffers;
}

/** JSON that fits a header: its own escapes stand for all that is not ASCII. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
