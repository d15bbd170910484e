import { Buffer } from "node:buffer";
import type { BentoMLError } from "bentoml-core";
import type { ArrivingRequest } from "./answer.js";
import { tellToContinue } from "./awaited-continue.js";
import type { Connection, InterruptedReader } from "./connection.js";
import type { RequestPipeline } from "./request-pipeline.js";
import { bodyTooLarge, clientHasGone } from "./server-errors.js";

/** Who gets the body: exactly one of the two is called, once. */
export interface BodyReceiver {
  bodyArrived(bytes: Buffer): void;
  bodyFailed(error: BentoMLError): void;
}

/** Element size that no datatype passes: tensors that start at a multiple of it need no copy to be read. */
const ALIGNMENT = 8;
const NOTHING = Buffer.alloc(0);

/**
 * Reads a request's body into memory, within the limits, which are checked as the bytes come in: a declared length is
 * never allocated, and a chunked body has none.
 */
export class BodyReader implements InterruptedReader {
  readonly #request: ArrivingRequest;
  readonly #connection: Connection;
  readonly #pipeline: RequestPipeline;
  readonly #maxBytes: number;
  readonly #receiver: BodyReceiver;
  /** Bytes in front of the binary tensors; the body is laid out so that what follows is aligned. */
  readonly #jsonLength: number;
  #first: Buffer | undefined;
  #more: Buffer[] | undefined;
  #length = 0;
  #isSettled = false;

  constructor(
    request: ArrivingRequest,
    connection: Connection,
    pipeline: RequestPipeline,
    maxBytes: number,
    jsonLength: number,
    receiver: BodyReceiver,
  ) {
    this.#request = request;
    this.#connection = connection;
    this.#pipeline = pipeline;
    this.#maxBytes = maxBytes;
    this.#jsonLength = jsonLength;
    this.#receiver = receiver;
    connection.reader = this;
    tellToContinue(request);
    request.on("data", (chunk: Buffer) => this.#take(chunk));
    request.on("end", () => this.#end());
  }

  /** Bytes taken from the pipeline's budget. The receiver gives them back when it needs the body no more. */
  get heldBytes(): number {
    return this.#length;
  }

  clientHasGone(): void {
    this.#fail(clientHasGone());
  }

  #take(chunk: Buffer): void {
    if (this.#isSettled) return;
    if (this.#length + chunk.length > this.#maxBytes) return this.#fail(bodyTooLarge(this.#maxBytes));
    const refusal = this.#pipeline.holdBytes(chunk.length);
    if (refusal !== undefined) return this.#fail(refusal);
    this.#length += chunk.length;
    if (this.#first === undefined) this.#first = chunk;
    else (this.#more ??= []).push(chunk);
  }

  #end(): void {
    if (this.#isSettled) return;
    this.#settle();
    this.#receiver.bodyArrived(this.#more === undefined ? (this.#first ?? NOTHING) : this.#join(this.#more));
  }

  #join(more: readonly Buffer[]): Buffer {
    const lead = (ALIGNMENT - (this.#jsonLength % ALIGNMENT)) % ALIGNMENT;
    const memory = Buffer.allocUnsafeSlow(lead + this.#length);
    let position = lead + (this.#first as Buffer).copy(memory, lead);
    for (const chunk of more) position += chunk.copy(memory, position);
    return memory.subarray(lead);
  }

  /** What still comes of the body is read and thrown away, so that the client can read the answer. */
  #fail(error: BentoMLError): void {
    if (this.#isSettled) return;
    this.#settle();
    this.#first = undefined;
    this.#more = undefined;
    this.#request.resume();
    this.#receiver.bodyFailed(error);
  }

  #settle(): void {
    this.#isSettled = true;
    if (this.#connection.reader === this) this.#connection.reader = undefined;
  }
}
