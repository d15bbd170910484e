import { Transform, type Readable, type TransformCallback } from "node:stream";
import type { RequestPipeline } from "../http/request-pipeline.js";

/** Takes room in the server's memory for the bytes of a body that goes through to somebody else. */
export class BodyBudget extends Transform {
  readonly #pipeline: RequestPipeline;
  #heldBytes = 0;
  #isGivenBack = false;
  /** Fastify compares Content-Length with it. */
  receivedEncodedLength = 0;

  constructor(body: Readable, pipeline: RequestPipeline) {
    super();
    this.#pipeline = pipeline;
    body.on("error", (error) => this.destroy(error));
    body.pipe(this);
  }

  /** To be called when the request has ended. */
  giveBack(): void {
    this.#isGivenBack = true;
    this.#pipeline.releaseBytes(this.#heldBytes);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    const refusal = this.#isGivenBack ? undefined : this.#pipeline.holdBytes(chunk.length);
    if (refusal !== undefined) return callback(refusal);
    if (!this.#isGivenBack) this.#heldBytes += chunk.length;
    this.receivedEncodedLength += chunk.length;
    callback(null, chunk);
  }
}
