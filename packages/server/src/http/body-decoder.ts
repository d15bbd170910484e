import type { Buffer } from "node:buffer";
import type { BentoMLError } from "bentoml-core";
import { decompress, requestCoding } from "./content-coding.js";
import type { RequestPipeline } from "./request-pipeline.js";
import { bodyTooLarge } from "./server-errors.js";

/** Decompresses the body of one request within the server's limits. */
export class BodyDecoder {
  readonly #pipeline: RequestPipeline;
  readonly #maxBytes: number;
  #heldBytes = 0;

  constructor(pipeline: RequestPipeline, maxBytes: number) {
    this.#pipeline = pipeline;
    this.#maxBytes = maxBytes;
  }

  /** Bytes taken from the pipeline's budget. Whoever asked gives them back. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** The body as it was before it was compressed. Throws or rejects with 415 for an unknown coding, 400 for other bytes, 413 for too many. */
  decode(contentEncoding: string | undefined, bytes: Buffer): Buffer | Promise<Buffer> {
    const coding = contentEncoding === undefined ? undefined : requestCoding(contentEncoding);
    return coding === undefined ? bytes : decompress(coding, bytes, (more) => this.#takeRoom(more));
  }

  #takeRoom(bytes: number): BentoMLError | undefined {
    if (this.#heldBytes + bytes > this.#maxBytes) return bodyTooLarge(this.#maxBytes);
    const refusal = this.#pipeline.holdBytes(bytes);
    if (refusal === undefined) this.#heldBytes += bytes;
    return refusal;
  }
}
