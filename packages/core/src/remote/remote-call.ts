import { defaultFrameLimits, type HeaderRecord } from "../frames/index.js";
import { PatientExchange, type AnswerReceiver, type PatientExchangeOptions } from "./patient-exchange.js";
import { unreadableReply, type RemotePlace } from "./remote-errors.js";
import { ReplyBody } from "./reply-body.js";
import { resultOf, type ReplyHead } from "./reply-outcome.js";

/** One call on its way to a runner server: its promise settles once, with the answer or with what gave it up. */
export class RemoteCall implements AnswerReceiver {
  readonly result: Promise<unknown>;
  readonly #exchange: PatientExchange;
  readonly #place: RemotePlace;
  readonly #body: ReplyBody = new ReplyBody(defaultFrameLimits.maxFrameBytes);
  #head: ReplyHead | undefined;
  #resolve: (result: unknown) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(options: PatientExchangeOptions) {
    this.#place = options.place;
    this.#exchange = new PatientExchange(options, this);
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  begin(): void {
    this.#exchange.begin();
  }

  /** The caller gets `error` at once; the server is told by the end of its connection. */
  giveUp(error: unknown): void {
    this.#reject(error);
    this.#exchange.abort();
  }

  answered(status: number, headers: HeaderRecord): void {
    this.#head = { status, headers };
  }

  arrived(chunk: Uint8Array): void {
    try {
      this.#body.take(chunk);
    } catch (error) {
      this.giveUp(unreadableReply(this.#place, error as Error));
    }
  }

  ended(): void {
    try {
      this.#resolve(resultOf(this.#head as ReplyHead, this.#body, this.#place));
    } catch (error) {
      this.#reject(error);
    }
  }

  failed(error: Error): void {
    this.#reject(error);
  }
}
