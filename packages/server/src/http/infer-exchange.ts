import type { Buffer } from "node:buffer";
import type { OutgoingHttpHeaders } from "node:http";
import { parseInferRequest, type InferRequest } from "../protocol/infer-request.js";
import type { InferResponse } from "../protocol/infer-response.js";
import { invalidRequest } from "../protocol/invalid-request.js";
import { parseRawRequest } from "../protocol/raw-request.js";
import type { Answer, ArrivingRequest } from "./answer.js";
import { BodyDecoder } from "./body-decoder.js";
import { BodyReader } from "./body-reader.js";
import { compress, responseCoding } from "./content-coding.js";
import { Exchange } from "./exchange.js";
import type { InferRoute } from "./infer-route.js";

/** Below this many bytes a compressed response saves nothing that is worth its time. */
const SMALLEST_COMPRESSED = 1024;

/** One infer request on its way: body, parse, call, answer. */
export class InferExchange extends Exchange<InferRoute, Answer> {
  /** Of a compressed body. */
  #decoder: BodyDecoder | undefined;

  static start(route: InferRoute, request: ArrivingRequest, response: Answer): void {
    const exchange = new InferExchange(route, request, response);
    const refusal = exchange.begin();
    if (refusal !== undefined) exchange.fail(refusal);
    else exchange.#read(request);
  }

  override bodyArrived(bytes: Buffer): void {
    const { contentEncoding } = this.head;
    if (contentEncoding === undefined) this.#call(bytes);
    else this.#decodeAndCall(contentEncoding, bytes);
  }

  protected override get heldBytes(): number {
    return super.heldBytes + (this.#decoder?.heldBytes ?? 0);
  }

  protected override ended(): void {
    this.route.exchangeEnded();
  }

  #read(request: ArrivingRequest): void {
    const { pipeline, limits } = this.route;
    const jsonLength = Number(this.head.inferenceHeaderLength ?? 0) || 0;
    this.reader = new BodyReader(request, this.connection, pipeline, limits.maxBodyBytes, jsonLength, this);
  }

  #decodeAndCall(contentEncoding: string, bytes: Buffer): void {
    const { pipeline, limits } = this.route;
    try {
      this.#decoder = new BodyDecoder(pipeline, limits.maxBodyBytes);
      const body = this.#decoder.decode(contentEncoding, bytes);
      if (!(body instanceof Promise)) return this.#call(body);
      body.then(
        (decoded) => this.#call(decoded),
        (error: unknown) => this.fail(error),
      );
    } catch (error) {
      this.fail(error);
    }
  }

  #call(bytes: Buffer): void {
    try {
      this.route.checkAnswersOnce();
      const request = this.#parse(bytes);
      this.route.writer.checkOutputs(request.outputs);
      const { statistics } = this.route;
      const calledAt = performance.now();
      this.route.call(this.connection, this.head, request).then(
        (result) => {
          statistics.ended(calledAt, true);
          this.#answer(result, request);
        },
        (error: unknown) => {
          statistics.ended(calledAt, false);
          this.fail(error);
        },
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
