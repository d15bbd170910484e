/**
 * How payloads travel between processes and hosts: frames, streams of frames, and the form of a single payload in HTTP headers
 * and body. Pure functions on bytes and header records, without sockets; `docs/wire-format.md` is their specification. Uses
 * `containers`; servers and clients of runners use it. Whatever cannot be read is an InvalidArgumentError: nothing here runs
 * code that came over a wire.
 */
export { decodeBundle, encodeBundle, type BundledCall, type CallMarks, type ReadCall } from "./bundled-call.js";
export { BundledReplies, ReplyWriter, type BundledReply } from "./bundled-reply.js";
export { decodeCall, encodeCall } from "./call-message.js";
export { CALLS_TYPE, ERROR_TYPE, FRAME_TYPE, MULTIPLE_OUTPUTS_TYPE, REPLIES_TYPE, STREAM_TYPE, mediaType } from "./content-type.js";
export { decodeFrame, encodeFrame, type Frame } from "./frame.js";
export { defaultFrameLimits, type FrameLimits } from "./frame-limits.js";
export { headerOf, type HeaderRecord } from "./header-record.js";
export type { HttpMessage } from "./http-message.js";
export { decodeReply, encodeReply, type Reply } from "./reply-message.js";
export { StreamDecoder, encodeStreamFrame, type StreamEvent } from "./stream-frames.js";
