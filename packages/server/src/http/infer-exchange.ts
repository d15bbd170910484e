import type { Buffer } from "node:buffer";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { BentoMLError } from "bentoml-core";
import { parseInferRequest, type InferRequest } from "../protocol/infer-request.js";
import type { InferResponse } from "../protocol/infer-response.js";
import { invalidRequest } from "../protocol/invalid-request.js";
import { parseRawRequest } from "../protocol/raw-request.js";
import { BodyReader, type BodyReceiver } from "./body-reader.js";
import { Connection } from "./connection.js";
import { compress, decompress, requestCoding, responseCoding } from "./content-coding.js";
import type { InferRoute } from "./infer-route.js";
import { readRequestHead, type RequestHead } from "./request-head.js";
import { bodyTooLarge } from "./server-errors.js";

/** Status that metrics count a request under whose client went before it was answered. */
const CLIENT_GONE = 499;
/** Below this many bytes a compressed response saves nothing that is worth its time. */
const SMALLEST_COMPRESSED = 1024;

/** One infer request on its way: body, parse, call, answer. Ends in exactly one of `#send` and `#fail`. */
export class InferExchange implements BodyReceiver {
  readonly #route: InferRoute;
  readonly #response: ServerResponse;
  readonly #connection: Connection;
  readonly #head: RequestHead;
  readonly #startedAt: number;
  #reader: BodyReader | undefined;
  #decompressedBytes = 0;

  private constructor(route: InferRoute, request: IncomingMessage, response: ServerResponse) {
    this.#startedAt = performance.now();
    this.#route = route;
    this.#response = response;
    this.#connection = Connection.of(request.socket);
    this.#head = readRequestHead(request.rawHeaders);
  }

  static start(route: InferRoute, request: IncomingMessage, response: ServerResponse): void {
    const exchange = new InferExchange(route, request, response);
    const refusal = route.pipeline.begin(route.endpoint, exchange.#head, response, exchange.#startedAt);
    if (refusal !== undefined) exchange.#fail(refusal);
    else exchange.#read(request);
  }

  bodyArrived(bytes: Buffer): void {
    const { contentEncoding } = this.#head;
    if (contentEncoding === undefined) this.#call(bytes);
    else this.#decompressAndCall(contentEncoding, bytes);
  }

  bodyFailed(error: BentoMLError): void {
    this.#fail(error);
  }

  #read(request: IncomingMessage): void {
    const { pipeline, limits } = this.#route;
    const jsonLength = Number(this.#head.inferenceHeaderLength ?? 0) || 0;
    this.#reader = new BodyReader(request, this.#connection, pipeline, limits.maxBodyBytes, jsonLength, this);
  }

  #decompressAndCall(contentEncoding: string, bytes: Buffer): void {
    try {
      const coding = requestCoding(contentEncoding);
      if (coding === undefined) return this.#call(bytes);
      decompress(coding, bytes, (more) => this.#takeRoom(more)).then(
        (decompressed) => this.#call(decompressed),
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  #takeRoom(bytes: number): BentoMLError | undefined {
    const { pipeline, limits } = this.#route;
    if (this.#decompressedBytes + bytes > limits.maxBodyBytes) return bodyTooLarge(limits.maxBodyBytes);
    const refusal = pipeline.holdBytes(bytes);
    if (refusal === undefined) this.#decompressedBytes += bytes;
    return refusal;
  }

  #call(bytes: Buffer): void {
    try {
      const request = this.#parse(bytes);
      this.#route.writer.checkOutputs(request.outputs);
      this.#route.call(this.#connection, this.#head.requestId, request.inputs).then(
        (result) => this.#answer(result, request),
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  #parse(bytes: Buffer): InferRequest {
    const { inferenceHeaderLength } = this.#head;
    const { inputs } = this.#route.model;
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
      const answer = this.#route.writer.write(result, request.id, request.outputs);
      const { acceptEncoding } = this.#head;
      if (acceptEncoding === undefined || answer.length < SMALLEST_COMPRESSED || !this.#route.compressResponses) {
        this.#send(answer);
      } else {
        this.#compressAndSend(acceptEncoding, answer);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #compressAndSend(acceptEncoding: string, answer: InferResponse): void {
    const coding = responseCoding(acceptEncoding);
    if (coding === undefined) return this.#send(answer);
    compress(coding, answer.body).then(
      (body) => this.#send({ ...answer, body, length: body.length }, coding),
      (error: unknown) => this.#fail(error),
    );
  }

  #send(answer: InferResponse, coding?: string): void {
    if (this.#connection.isClosed) return this.#finish(CLIENT_GONE);
    const response = this.#response;
    const headers: OutgoingHttpHeaders =
      answer.headerLength === undefined
        ? { "Content-Type": "application/json", "Content-Length": answer.length }
        : {
            "Content-Type": "application/octet-stream",
            "Content-Length": answer.length,
            "Inference-Header-Content-Length": answer.headerLength,
          };
    if (coding !== undefined) headers["Content-Encoding"] = coding;
    if (this.#route.pipeline.isDraining) response.shouldKeepAlive = false;
    response.writeHead(200, headers);
    response.end(answer.body, answer.encoding);
    this.#finish(200);
  }

  #fail(error: unknown): void {
    if (this.#connection.isClosed) return this.#finish(CLIENT_GONE);
    if (this.#route.pipeline.isDraining) this.#response.shouldKeepAlive = false;
    this.#finish(this.#route.answerError(error, this.#response, this.#head.requestId));
  }

  #finish(status: number): void {
    const { pipeline, endpoint } = this.#route;
    pipeline.releaseBytes((this.#reader?.heldBytes ?? 0) + this.#decompressedBytes);
    pipeline.finish(endpoint, status, this.#startedAt);
  }
}
