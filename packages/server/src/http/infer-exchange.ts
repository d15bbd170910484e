import type { Buffer } from "node:buffer";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { BentoMLError } from "bentoml-core";
import { parseInferRequest, type InferRequest } from "../protocol/infer-request.js";
import type { InferResponse } from "../protocol/infer-response.js";
import { invalidRequest } from "../protocol/invalid-request.js";
import { parseRawRequest } from "../protocol/raw-request.js";
import { BodyReader } from "./body-reader.js";
import { compress, decompress, requestCoding, responseCoding } from "./content-coding.js";
import { Exchange } from "./exchange.js";
import type { InferRoute } from "./infer-route.js";
import { bodyTooLarge } from "./server-errors.js";

/** Below this many bytes a compressed response saves nothing that is worth its time. */
const SMALLEST_COMPRESSED = 1024;

/** One infer request on its way: body, parse, call, answer. */
export class InferExchange extends Exchange<InferRoute> {
  #decompressedBytes = 0;

  static start(route: InferRoute, request: IncomingMessage, response: ServerResponse): void {
    const exchange = new InferExchange(route, request, response);
    const refusal = exchange.begin();
    if (refusal !== undefined) exchange.fail(refusal);
    else exchange.#read(request);
  }

  override bodyArrived(bytes: Buffer): void {
    const { contentEncoding } = this.head;
    if (contentEncoding === undefined) this.#call(bytes);
    else this.#decompressAndCall(contentEncoding, bytes);
  }

  protected override get heldBytes(): number {
    return super.heldBytes + this.#decompressedBytes;
  }

  protected override ended(): void {
    this.route.exchangeEnded();
  }

  #read(request: IncomingMessage): void {
    const { pipeline, limits } = this.route;
    const jsonLength = Number(this.head.inferenceHeaderLength ?? 0) || 0;
    this.reader = new BodyReader(request, this.connection, pipeline, limits.maxBodyBytes, jsonLength, this);
  }

  #decompressAndCall(contentEncoding: string, bytes: Buffer): void {
    try {
      const coding = requestCoding(contentEncoding);
      if (coding === undefined) return this.#call(bytes);
      decompress(coding, bytes, (more) => this.#takeRoom(more)).then(
        (decompressed) => this.#call(decompressed),
        (error: unknown) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  #takeRoom(bytes: number): BentoMLError | undefined {
    const { pipeline, limits } = this.route;
    if (this.#decompressedBytes + bytes > limits.maxBodyBytes) return bodyTooLarge(limits.maxBodyBytes);
    const refusal = pipeline.holdBytes(bytes);
    if (refusal === undefined) this.#decompressedBytes += bytes;
    return refusal;
  }

  #call(bytes: Buffer): void {
    try {
      const request = this.#parse(bytes);
      this.route.writer.checkOutputs(request.outputs);
      this.route.call(this.connection, this.head, request).then(
        (result) => this.#answer(result, request),
        (error: unknown) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  #parse(bytes: Buffer): InferRequest {
    const { inferenceHeaderLength } = this.head;
    const { inputs } = this.route.model;
    if (inferenceHeaderLength === undefined) return parseInferRequest(bytes, undefined, inputs);
    const length = Number(inferenceHeaderLength);
    if (!/^\d+$/.test(inferenceHeaderLength) || length > bytes.length) {
      throw invalidRequest(
        `Inference-Header-Content-Length must be a number of bytes of the body, which has ${bytes.length}; it is "${inferenceHeaderLength.slice(0, 40)}"`,
      );
    }
    return length === 0 ? parseRawRequest(bytes, inputs) : parseInferRequest(bytes, length, inputs);
  }

  /** Runs in the turn in which the result arrived: after it, the result's memory may belong to another call. */
  #answer(result: unknown, request: InferRequest): void {
    try {
      const answer = this.route.writer.write(result, request.id, request.outputs);
      const { acceptEncoding } = this.head;
      if (acceptEncoding === undefined || answer.length < SMALLEST_COMPRESSED || !this.route.compressResponses) {
        this.#send(answer);
      } else {
        this.#compressAndSend(acceptEncoding, answer);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  #compressAndSend(acceptEncoding: string, answer: InferResponse): void {
    const coding = responseCoding(acceptEncoding);
    if (coding === undefined) return this.#send(answer);
    compress(coding, answer.body).then(
      (body) => this.#send({ ...answer, body, length: body.length }, coding),
      (error: unknown) => this.fail(error),
    );
  }

  #send(answer: InferResponse, coding?: string): void {
    if (!this.canAnswer()) return;
    const headers: OutgoingHttpHeaders =
      answer.headerLength === undefined
        ? { "Content-Type": "application/json", "Content-Length": answer.length }
        : {
            "Content-Type": "application/octet-stream",
            "Content-Length": answer.length,
            "Inference-Header-Content-Length": answer.headerLength,
          };
    if (coding !== undefined) headers["Content-Encoding"] = coding;
    this.response.writeHead(200, headers);
    this.response.end(answer.body, answer.encoding);
    this.answered();
  }
}
