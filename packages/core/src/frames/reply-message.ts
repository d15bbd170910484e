import { Params, type Payload } from "../containers/index.js";
import { ERROR_TYPE, FRAME_TYPE, MULTIPLE_OUTPUTS_TYPE, REPLIES_TYPE, STREAM_TYPE, containerOfType, mediaType } from "./content-type.js";
import { decodeFrame } from "./frame.js";
import { defaultFrameLimits, type FrameLimits } from "./frame-limits.js";
import { headerOf, type HeaderRecord } from "./header-record.js";
import { malformed, shown } from "./malformed.js";
import { framedMessage, type HttpMessage } from "./http-message.js";
import { rawMessage, readRawPayload } from "./raw-payload.js";

/** What a call gave: a value, several outputs, or an error. */
export type Reply =
  | { readonly kind: "value"; readonly payload: Payload }
  | { readonly kind: "outputs"; readonly payloads: readonly Payload[] }
  | { readonly kind: "error"; readonly error: unknown };

/** A reply as headers and body: a value raw with its facts in headers where they fit, all else as a frame. */
export function encodeReply(reply: Reply): HttpMessage {
  switch (reply.kind) {
    case "value":
      return rawMessage(reply.payload) ?? framedMessage(FRAME_TYPE, { kind: "payloads", payloads: new Params([reply.payload]) });
    case "outputs":
      return framedMessage(MULTIPLE_OUTPUTS_TYPE, { kind: "payloads", payloads: new Params(reply.payloads) });
    case "error":
      return framedMessage(ERROR_TYPE, reply);
  }
}

/**
 * The reply that `encodeReply` sent, with views on the body.
 *
 * @throws InvalidArgumentError with the reason for what cannot be read, and past a limit.
 */
export function decodeReply(headers: HeaderRecord, body: Uint8Array, limits: FrameLimits = defaultFrameLimits): Reply {
  const contentType = headerOf(headers, "Content-Type");
  switch (mediaType(contentType)) {
    case FRAME_TYPE: {
      const [payload, ...more] = outputsOf(body, limits);
      if (payload === undefined || more.length > 0) throw malformed(`a reply of ${FRAME_TYPE} is one value`);
      return { kind: "value", payload };
    }
    case MULTIPLE_OUTPUTS_TYPE:
      return { kind: "outputs", payloads: outputsOf(body, limits) };
    case ERROR_TYPE: {
      const frame = decodeFrame(body, limits);
      if (frame.kind !== "error") throw malformed(`a reply of ${ERROR_TYPE} is a frame of an error, not of kind "${frame.kind}"`);
      return frame;
    }
    case STREAM_TYPE:
      throw malformed("a stream is no single reply: read it with a StreamDecoder");
    case REPLIES_TYPE:
      throw malformed("the replies of a bundle are no single reply: read them with BundledReplies");
    default:
      if (containerOfType(contentType) === undefined) throw malformed(`the Content-Type ${shown(contentType)} is none of a reply`);
      return { kind: "value", payload: readRawPayload(headers, body, limits) };
  }
}

function outputsOf(body: Uint8Array, limits: FrameLimits): readonly Payload[] {
  const frame = decodeFrame(body, limits);
  if (frame.kind !== "payloads") throw malformed(`a reply is a frame of payloads, not of kind "${frame.kind}"`);
  if (frame.payloads.args.length !== frame.payloads.size) throw malformed("outputs have positions, not keywords");
  return frame.payloads.args;
}
