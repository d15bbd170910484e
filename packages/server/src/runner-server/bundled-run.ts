import { Buffer } from "node:buffer";
import { ServiceUnavailableError, isBentoMLError, traceContextOf, type BundledCall, type CallOptions, type Priority, type ReadCall, type Reply, type ReplyWriter } from "bentoml-core";
import { usableRequestId, type RequestHead } from "../http/request-head.js";
import { failureOf } from "../protocol/failure.js";
import { argumentsOf } from "./call-arguments.js";
import { serverTimeoutMs } from "./call-head.js";
import { replyOf } from "./call-reply.js";
import type { MethodRoute } from "./method-route.js";
import { callOf } from "./runner-to-serve.js";

/** What a call of a bundle came to: its reply, ready to be written, and the status that it is counted under; undefined when it was given up. */
export type BundledOutcome = { readonly bytes: Buffer; readonly status: number } | undefined;

/** One call of a bundle. Settles once. */
export class BundledRun {
  readonly #route: MethodRoute;
  readonly #head: RequestHead;
  readonly #place: number;
  readonly #writer: ReplyWriter;
  readonly #settled: (outcome: BundledOutcome) => void;
  /** Of the client, for all its calls. */
  readonly #signal: AbortSignal;
  /** Why its caller wants no answer any more. */
  #reason: Error | undefined;
  #giveUpCall: ((reason: Error) => void) | undefined;
  #requestId: string | undefined;
  #isSettled = false;

  /**
   * @param signal is aborted when the client goes.
   * @param place of the call in its bundle.
   * @param writer of the bundle's replies: what it has written is given to `settled` at once, since it is to be sent in this order.
   */
  constructor(route: MethodRoute, head: RequestHead, signal: AbortSignal, place: number, writer: ReplyWriter, settled: (outcome: BundledOutcome) => void) {
    this.#signal = signal;
    this.#place = place;
    this.#writer = writer;
    this.#route = route;
    this.#head = head;
    this.#settled = settled;
  }

  /** Runs the call, or answers with what it is refused for. */
  start(read: ReadCall): void {
    if ("error" in read) return this.#fail(read.error);
    try {
      const args = argumentsOf(read.call);
      if (!(args instanceof Promise)) return this.#call(read, args);
      args.then(
        (ready) => this.#call(read, ready),
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Its caller wants no answer any more. */
  giveUp(reason: Error): void {
    if (this.#isSettled || this.#reason !== undefined) return;
    this.#reason = reason;
    this.#giveUpCall?.(reason);
  }

  #call(read: BundledCall, args: readonly unknown[]): void {
    if (this.#isGivenUp) return this.#settle(undefined);
    try {
      callOf(this.#route.method, this.#callOptions(read))(...args).then(
        (result) => this.#answer(result),
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  #callOptions({ marks }: BundledCall): CallOptions {
    // A call of no trace belongs to that of its request, if a span was made of it.
    const { traceparent, tracestate } = marks.traceparent === undefined ? this.#head : marks;
    this.#requestId = usableRequestId(marks.requestId ?? "") ?? this.#head.requestId;
    return {
      // Checked by the runner, whose error names what there is.
      priority: marks.priority as Priority | undefined,
      traceContext: traceContextOf(traceparent, tracestate),
      signal: this.#signal,
      giveUpBy: (giveUp) => this.#entered(giveUp),
      timeoutMs: serverTimeoutMs(marks.timeoutMs, this.#route.limits.callTimeoutMs),
      requestId: this.#requestId,
      shareResults: true,
    };
  }

  /** The call is in the runner's hands. */
  #entered(giveUp: (reason: Error) => void): void {
    const reason = this.#reason;
    if (reason === undefined) this.#giveUpCall = giveUp;
    // Its caller left while it was on its way in; it must be in before it can leave.
    else queueMicrotask(() => giveUp(reason));
  }

  get #isGivenUp(): boolean {
    return this.#reason !== undefined || this.#signal.aborted;
  }

  /** Runs in the turn in which the result arrived: after it, the memory of its tensors may belong to another call. */
  #answer(result: unknown): void {
    try {
      const reply = replyOf(result, this.#route.method);
      if (!(reply instanceof Promise)) return this.#reply(reply, 200);
      reply.then((ready) => this.#reply(ready, 200)).catch((error: unknown) => this.#fail(error));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#isGivenUp) return this.#settle(undefined);
    const { status, isExpected, retryAfterSeconds } = failureOf(error);
    if (!isExpected) this.#route.report(error, this.#requestId);
    this.#reply({ kind: "error", error: withRetryAfter(error, retryAfterSeconds) }, status);
  }

  #reply(reply: Reply, status: number): void {
    if (this.#isGivenUp) return this.#settle(undefined);
    // What is written must be sent: the replies after it may repeat its header.
    if (!this.#isSettled) this.#settle({ bytes: Buffer.concat(this.#writer.write({ call: this.#place, reply })), status });
  }

  #settle(outcome: BundledOutcome): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    // The request may be kept for long, by a connection that is idle; not the call.
    this.#giveUpCall = undefined;
    this.#settled(outcome);
  }
}

/** Of a call alone it is in a header. */
function withRetryAfter(error: unknown, seconds: number | undefined): unknown {
  if (seconds === undefined || !isBentoMLError(error) || error.retryAfterMs !== undefined) return error;
  return new ServiceUnavailableError(error.message, { code: error.code, retryAfterMs: seconds * 1000 });
}
