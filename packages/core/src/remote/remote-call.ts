import type { ListPlace } from "../calls/index.js";
import type { CallMarks } from "../frames/index.js";
import type { MethodSpec } from "../handles/index.js";
import type { OutgoingCall } from "./outgoing-call.js";
import type { RetryRule } from "./retry-rule.js";

/** Where a call is at the moment: it waits for its turn, is on its way, or rests before it is sent again. */
export interface CallPlace {
  /** The call is given up, its caller has been told. */
  leave(call: RemoteCall): void;
}

export interface RemoteCallOptions {
  readonly method: MethodSpec;
  readonly outgoing: OutgoingCall;
  readonly marks: CallMarks;
  /** In ms of the clock. */
  readonly givesUpAt: number;
  readonly retry: RetryRule;
}

/** One call on its way to a runner server: its promise settles once, with the answer or with what gave it up. */
export class RemoteCall {
  readonly result: Promise<unknown>;
  readonly method: MethodSpec;
  readonly outgoing: OutgoingCall;
  readonly marks: CallMarks;
  readonly givesUpAt: number;
  readonly retry: RetryRule;
  /** Undefined before it is sent, and when it is over. */
  place: CallPlace | undefined;
  /** Its place in the queue, while it waits there. */
  waits: ListPlace<RemoteCall> | undefined;
  /** When it began to wait, counted by the queue. */
  turn = 0;
  /** It was refused for travelling with others, and travels alone from now on. */
  isRefusedInCompany = false;
  /** Is called once, at the end. */
  onOver: () => void = () => undefined;
  #isOver = false;
  #resolve: (result: unknown) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor({ method, outgoing, marks, givesUpAt, retry }: RemoteCallOptions) {
    this.method = method;
    this.outgoing = outgoing;
    this.marks = marks;
    this.givesUpAt = givesUpAt;
    this.retry = retry;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Takes the answer, which `read` makes of what has come; what it throws is the caller's error. */
  settle(read: () => unknown): void {
    try {
      const result = read();
      if (!(result instanceof Promise)) return this.#succeed(result);
      // Its container takes its time: the call is not under way any more, and not yet over.
      this.place = undefined;
      result.then(
        (ready: unknown) => this.#succeed(ready),
        (error: unknown) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error: unknown): void {
    this.#reject(error);
    this.#end();
  }

  /** The caller gets `error` at once; where the call is, it is wanted no more. */
  giveUp(error: unknown): void {
    const { place } = this;
    this.fail(error);
    place?.leave(this);
  }

  #succeed(result: unknown): void {
    this.#resolve(result);
    this.#end();
  }

  #end(): void {
    this.place = undefined;
    if (this.#isOver) return;
    this.#isOver = true;
    this.onOver();
  }
}
