import { BundledReplies, REPLIES_TYPE, defaultFrameLimits, headerOf, mediaType } from "../frames/index.js";
import type { CallPlace, RemoteCall } from "./remote-call.js";
import { unreadableReply, type RemotePlace } from "./remote-errors.js";
import { ReplyBody } from "./reply-body.js";
import { isRunnerReply, resultOf, resultOfBundled, type ReplyHead } from "./reply-outcome.js";
import { runnerHeaders } from "./runner-protocol.js";

/** Makes the outcome of calls of what their request is answered with. */
export interface AnswerReader {
  /** Takes a part of the body. Throws what is to be told to all calls that wait; nothing more is read then. */
  arrived(chunk: Uint8Array): void;
  /** When the body is whole: the result of a call that still waits. Throws its error. */
  outcome(): unknown;
  /** Whether calls that travelled together were refused for that alone: by a server that knows no bundles, or takes none so long. */
  readonly isRefusalOfCompany: boolean;
}

const BAD_REQUEST = 400;
const TOO_LARGE = 413;

/** @param request where the calls are that still wait for this answer. */
export function answerReader(head: ReplyHead, calls: readonly RemoteCall[], request: CallPlace, place: RemotePlace): AnswerReader {
  if (calls.length === 1) return new WholeAnswer(head, place, false);
  return areReplies(head, place) ? new BundledAnswer(calls, request, place) : new WholeAnswer(head, place, true);
}

function areReplies(head: ReplyHead, place: RemotePlace): boolean {
  if (head.status !== 200 || mediaType(headerOf(head.headers, "Content-Type")) !== REPLIES_TYPE) return false;
  try {
    return isRunnerReply(head, place);
  } catch {
    // Of another version: that is told when the body is whole.
    return false;
  }
}

/** One answer: to a call, or a refusal of all that travelled together. */
class WholeAnswer implements AnswerReader {
  readonly isRefusalOfCompany: boolean;
  readonly #body = new ReplyBody(defaultFrameLimits.maxFrameBytes);

  constructor(
    private readonly head: ReplyHead,
    private readonly place: RemotePlace,
    private readonly isForSeveral: boolean,
  ) {
    const isUnknown = head.status === BAD_REQUEST && headerOf(head.headers, runnerHeaders.maxCalls) === undefined;
    this.isRefusalOfCompany = isForSeveral && (isUnknown || head.status === TOO_LARGE);
  }

  arrived(chunk: Uint8Array): void {
    try {
      this.#body.take(chunk);
    } catch (error) {
      throw unreadableReply(this.place, error as Error);
    }
  }

  outcome(): unknown {
    const result = resultOf(this.head, this.#body, this.place);
    if (this.isForSeveral) throw unreadableReply(this.place, new Error("it is one value for several calls."));
    return result;
  }
}

/** Replies to calls that travelled together, in any order. */
class BundledAnswer implements AnswerReader {
  readonly isRefusalOfCompany: boolean = false;
  readonly #replies = new BundledReplies();
  readonly #answered = new Set<number>();

  constructor(
    private readonly calls: readonly RemoteCall[],
    private readonly request: CallPlace,
    private readonly place: RemotePlace,
  ) {}

  arrived(chunk: Uint8Array): void {
    try {
      for (const { call: index, reply } of this.#replies.push(chunk)) {
        const call = this.calls[index];
        if (call === undefined || this.#answered.has(index)) throw new Error(`it answers call ${String(index)}, which ${call === undefined ? "was not made" : "it has answered before"}.`);
        this.#answered.add(index);
        // One that was given up meanwhile may be answered all the same.
        if (call.place === this.request) call.settle(() => resultOfBundled(reply, this.place));
      }
    } catch (error) {
      throw unreadableReply(this.place, error as Error);
    }
  }

  outcome(): never {
    throw unreadableReply(this.place, new Error("it ends without a reply to this call."));
  }
}
