import type { Payload } from "../containers/index.js";
import { STREAM_TYPE, StreamDecoder, defaultFrameLimits, headerOf, mediaType, type HeaderRecord, type StreamEvent } from "../frames/index.js";
import { ItemStream, type ItemSource } from "../handles/index.js";
import { PatientExchange, type AnswerReceiver, type PatientExchangeOptions } from "./patient-exchange.js";
import { unreadableReply, type RemotePlace } from "./remote-errors.js";
import { ReplyBody } from "./reply-body.js";
import { isRunnerReply, resultOf, valueOf, type ReplyHead } from "./reply-outcome.js";

export interface RemoteStreamOptions {
  readonly place: RemotePlace;
  /** With the first item that is wanted: the exchange to begin, or why there is none. */
  readonly begin: () => PatientExchangeOptions | Promise<PatientExchangeOptions>;
  readonly onEnded: () => void;
}

/** Items that may wait for the reader before the connection is held back; the server's generator then stands still. */
const MOST_WAITING = 16;

/** A stream of a runner server. It begins with the first `next()`; when its reader leaves, its connection is closed. */
export class RemoteStream implements ItemSource<Payload>, AnswerReceiver {
  readonly items: ItemStream<Payload> = new ItemStream(this);
  readonly #options: RemoteStreamOptions;
  readonly #decoder = new StreamDecoder();
  readonly #body = new ReplyBody(defaultFrameLimits.maxFrameBytes);
  #exchange: PatientExchange | undefined;
  #head: ReplyHead | undefined;
  #isStream = false;
  #waiting = 0;
  #isOver = false;

  constructor(options: RemoteStreamOptions) {
    this.#options = options;
  }

  start(): void {
    try {
      const options = this.#options.begin();
      if (!(options instanceof Promise)) return this.#begin(options);
      options.then(
        (ready) => this.#begin(ready),
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  wanted(): void {
    this.#exchange?.resume();
  }

  satisfied(): void {
    // What comes meanwhile is kept, up to the limit.
  }

  read(item: Payload): unknown {
    this.#waiting--;
    if (this.#waiting < MOST_WAITING / 2) this.#exchange?.resume();
    return valueOf(item, this.#options.place);
  }

  cancel(): void {
    this.#exchange?.abort();
    this.#finish();
    this.items.end();
  }

  /** Ends the stream with this error at once, before items that came and were not read. */
  stop(error: unknown): void {
    this.items.discard();
    this.#exchange?.abort();
    this.#fail(error);
  }

  answered(status: number, headers: HeaderRecord): void {
    this.#head = { status, headers };
    try {
      this.#isStream = status === 200 && isRunnerReply(this.#head, this.#options.place) && mediaType(headerOf(headers, "Content-Type")) === STREAM_TYPE;
    } catch (error) {
      this.stop(error);
    }
  }

  arrived(chunk: Uint8Array): void {
    try {
      if (this.#isStream) for (const event of this.#decoder.push(chunk)) this.#take(event);
      else this.#body.take(chunk);
    } catch (error) {
      this.#exchange?.abort();
      this.#fail(unreadableReply(this.#options.place, error as Error));
    }
  }

  ended(): void {
    if (this.#isOver) return;
    try {
      if (this.#isStream) this.#decoder.finish();
      // Mostly it throws, with the error that was answered.
      else void resultOf(this.#head as ReplyHead, this.#body, this.#options.place);
    } catch (error) {
      return this.#fail(this.#isStream ? unreadableReply(this.#options.place, error as Error) : error);
    }
    this.#fail(unreadableReply(this.#options.place, new Error("it is a single value, not a stream.")));
  }

  failed(error: Error): void {
    this.#fail(error);
  }

  #begin(options: PatientExchangeOptions): void {
    // Its reader may have left while the arguments were made ready.
    if (this.#isOver) return;
    this.#exchange = new PatientExchange(options, this);
    this.#exchange.begin();
  }

  #take(event: StreamEvent): void {
    switch (event.kind) {
      case "item":
        this.#waiting++;
        this.items.push(event.payload);
        if (this.#waiting >= MOST_WAITING) this.#exchange?.pause();
        return;
      case "error":
        return this.#fail(event.error);
      case "end":
        this.#finish();
        this.items.end();
    }
  }

  #fail(error: unknown): void {
    if (this.#isOver) return;
    this.#finish();
    this.items.fail(error);
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.onEnded();
  }
}
