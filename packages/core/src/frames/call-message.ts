import { Params, type Payload } from "../containers/index.js";
import { FRAME_TYPE, isFramed, mediaType } from "./content-type.js";
import { decodeFrame } from "./frame.js";
import { defaultFrameLimits, type FrameLimits } from "./frame-limits.js";
import { countOf, headerOf, type HeaderRecord } from "./header-record.js";
import { malformed, shown } from "./malformed.js";
import { framedMessage, type HttpMessage } from "./http-message.js";
import { rawMessage, readRawPayload } from "./raw-payload.js";

/** A keyword that can stand in a header as it is; a call with another one travels as a frame. */
const KEYWORD = /^[\w.-]{1,200}$/;

/** The arguments of a call as headers and body: a single one raw with its facts in headers where they fit, otherwise a frame. */
export function encodeCall(call: Params<Payload>): HttpMessage {
  const { headers, body } = singleArgument(call) ?? framedMessage(FRAME_TYPE, { kind: "payloads", payloads: call });
  return { headers: { ...headers, "Args-Number": String(call.size) }, body };
}

/**
 * The arguments that `encodeCall` sent, with views on the body.
 *
 * @throws InvalidArgumentError with the reason for what cannot be read, and past a limit.
 */
export function decodeCall(headers: HeaderRecord, body: Uint8Array, limits: FrameLimits = defaultFrameLimits): Params<Payload> {
  const count = countOf(headers, "Args-Number");
  const contentType = headerOf(headers, "Content-Type");
  if (mediaType(contentType) === FRAME_TYPE) return framedCall(body, count, limits);
  if (count !== 1) throw malformed(`a call of ${String(count)} arguments must have the Content-Type ${FRAME_TYPE}, not ${shown(contentType)}`);
  if (isFramed(contentType)) throw malformed(`the Content-Type ${shown(contentType)} is none of a call`);
  const payload = readRawPayload(headers, body, limits);
  const keyword = headerOf(headers, "Kwarg-Name");
  if (keyword !== undefined && !KEYWORD.test(keyword)) throw malformed(`the header Kwarg-Name must be letters, digits, "_", "." and "-", not ${shown(keyword)}`);
  return Params.fromEntries([[keyword ?? 0, payload]]);
}

function singleArgument(call: Params<Payload>): HttpMessage | undefined {
  const [first] = call.entries();
  if (first === undefined || call.size !== 1) return undefined;
  const [key, payload] = first;
  if (typeof key === "string" && !KEYWORD.test(key)) return undefined;
  const message = rawMessage(payload);
  if (message === undefined || typeof key === "number") return message;
  return { ...message, headers: { ...message.headers, "Kwarg-Name": key } };
}

function framedCall(body: Uint8Array, count: number, limits: FrameLimits): Params<Payload> {
  const frame = decodeFrame(body, limits);
  if (frame.kind !== "payloads") throw malformed(`a call is a frame of payloads, not of kind "${frame.kind}"`);
  if (frame.payloads.size !== count) throw malformed(`Args-Number is ${String(count)}, but the frame has ${String(frame.payloads.size)} arguments`);
  return frame.payloads;
}
