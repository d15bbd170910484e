import { Params } from "../containers/index.js";
import { describeError, readError } from "./error-header.js";
import { KINDS } from "./frame.js";
import { defaultFrameLimits, type FrameLimits } from "./frame-limits.js";
import { FrameCutter, afterLength } from "./frame-sequence.js";
import { malformed } from "./malformed.js";
import { describePayloads, readPayloads } from "./payload-entries.js";
import { HeadReader, HeadWriter } from "./repeated-header.js";
import type { Reply } from "./reply-message.js";

/** What one call of a bundle was answered with. */
export interface BundledReply {
  /** Its place in the bundle, from 0. */
  readonly call: number;
  /** The result, or the error. */
  readonly reply: Reply;
}

/** Writes a body of `REPLIES_TYPE`, reply by reply. */
export class ReplyWriter {
  readonly #heads = new HeadWriter();

  /** A reply as parts that come after all that were written before, each to be written once. Copies nothing. */
  write({ call, reply }: BundledReply): Uint8Array[] {
    if (reply.kind === "error") return afterLength([this.#heads.head(KINDS.error, { error: describeError(reply.error) }, call)]);
    const isSeveral = reply.kind === "outputs";
    const { entries, data } = describePayloads(new Params(isSeveral ? reply.payloads : [reply.payload]));
    return afterLength([this.#heads.head(KINDS.payloads, { outputs: isSeveral ? true : undefined, payloads: entries }, call), ...data]);
  }
}

/** Reads a body of `REPLIES_TYPE` as it comes: the replies to a bundle's calls, in the order in which they were ready. */
export class BundledReplies {
  readonly #limits: FrameLimits;
  readonly #cutter: FrameCutter;
  readonly #heads: HeadReader;

  constructor(limits: FrameLimits = defaultFrameLimits) {
    this.#limits = limits;
    this.#cutter = new FrameCutter(limits);
    this.#heads = new HeadReader(limits);
  }

  /**
   * The replies that are whole with this chunk; to be read to the end. A view on the chunk may be in them: do not use its memory again.
   *
   * @throws InvalidArgumentError for what is none, after those before it; then the rest of the body is lost.
   */
  *push(chunk: Uint8Array): Generator<BundledReply, void, undefined> {
    for (let rest = chunk; rest.byteLength > 0; ) {
      rest = this.#cutter.take(rest);
      if (this.#cutter.frame !== undefined) yield readReply(this.#cutter.frame, this.#heads, this.#limits);
    }
  }
}

function readReply(frame: Uint8Array, heads: HeadReader, limits: FrameLimits): BundledReply {
  const { kind, place, header, headerEnd } = heads.open(frame);
  const { outputs } = header;
  if (kind === KINDS.error) {
    if (headerEnd < frame.byteLength) throw malformed(`${String(frame.byteLength - headerEnd)} bytes are left after its header`);
    return { call: place, reply: { kind: "error", error: readError(header["error"]) } };
  }
  if (kind !== KINDS.payloads) throw malformed(`a reply is a frame of payloads or of an error, not of kind ${String(kind)}`);
  const payloads = readPayloads(header["payloads"], frame, headerEnd, limits);
  if (payloads.args.length !== payloads.size) throw malformed("outputs have positions, not keywords");
  if (outputs === true) return { call: place, reply: { kind: "outputs", payloads: payloads.args } };
  const [payload, ...more] = payloads.args;
  if (payload === undefined || more.length > 0 || outputs !== undefined) throw malformed("a reply without outputs is one value");
  return { call: place, reply: { kind: "value", payload } };
}
