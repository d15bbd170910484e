import { Buffer } from "node:buffer";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { isBentoMLError } from "bentoml-core";
import { BodyDecoder } from "../http/body-decoder.js";
import { BodyReader } from "../http/body-reader.js";
import { compress, responseCoding } from "../http/content-coding.js";
import { Exchange } from "../http/exchange.js";
import { pacedWrite } from "../http/paced-write.js";
import { isOneOf, mediaTypeOf, type MediaType, type StreamedContent, type WrittenContent } from "../io/index.js";
import { failureOf } from "../protocol/failure.js";
import { inTraceOf } from "../tracing/tracer.js";
import { ApiCall } from "./api-call.js";
import { serviceIsStarting, unsupportedMediaType, wrongOutput } from "./api-errors.js";
import type { ApiRoute } from "./api-route.js";
import { orAborted } from "./or-aborted.js";

/** Below this many bytes a compressed answer saves nothing that is worth its time. */
const SMALLEST_COMPRESSED = 1024;
const COMPRESSIBLE = /^(?:text\/|application\/(?:.+\+)?json\b)/;

/** One call of an API: head, body, value, handler, answer. */
export class ApiExchange extends Exchange<ApiRoute> {
  readonly #request: IncomingMessage;
  readonly #decoder: BodyDecoder;
  #mediaType: MediaType | undefined;

  private constructor(route: ApiRoute, request: IncomingMessage, response: ServerResponse) {
    super(route, request, response);
    this.#request = request;
    this.#decoder = new BodyDecoder(route.pipeline, route.limits.maxBodyBytes);
  }

  static start(route: ApiRoute, request: IncomingMessage, response: ServerResponse): void {
    new ApiExchange(route, request, response).#begin();
  }

  override bodyArrived(bytes: Buffer): void {
    void this.#answer(bytes);
  }

  protected override get heldBytes(): number {
    return super.heldBytes + this.#decoder.heldBytes;
  }

  /** All that the head alone can be refused for, before a byte of the body is kept. */
  #begin(): void {
    const { pipeline, limits } = this.route;
    const refusal = this.begin();
    if (refusal !== undefined) return this.fail(refusal);
    try {
      if (!this.route.isStarted) throw serviceIsStarting();
      this.#checkMediaType();
    } catch (error) {
      return this.fail(error);
    }
    this.reader = new BodyReader(this.#request, this.connection, pipeline, limits.maxBodyBytes, 0, this);
  }

  #checkMediaType(): void {
    const { input } = this.route.api;
    const given = this.#request.headers["content-type"];
    this.#mediaType = mediaTypeOf(given);
    const isRead = given === undefined ? input.takesUntyped !== false : this.#mediaType !== undefined && isOneOf(this.#mediaType.name, input.mediaTypes);
    if (!isRead) throw unsupportedMediaType(given, input);
  }

  async #answer(bytes: Buffer): Promise<void> {
    const { api, timeoutMs } = this.route;
    const call = new ApiCall(this.#request, this.head, this.connection, timeoutMs);
    try {
      const body = await this.#decoder.decode(this.head.contentEncoding, bytes);
      const value = await api.input.read({ bytes: body, mediaType: this.#mediaType, headers: this.#request.headers });
      const result = await orAborted(inTraceOf(call.trace, () => api.handler(value, call)), call.signal);
      const content = await this.#written(result);
      if ("parts" in content) await this.#stream(content, call);
      else await this.#send(content, call);
    } catch (error) {
      this.fail(error);
    } finally {
      call.end();
    }
  }

  async #written(result: unknown): Promise<WrittenContent | StreamedContent> {
    const { api } = this.route;
    try {
      return await api.output.write(result, { accept: this.#request.headers.accept });
    } catch (error) {
      throw wrongOutput(api.name, error);
    }
  }

  async #send(content: WrittenContent, call: ApiCall): Promise<void> {
    const { response } = this;
    const { acceptEncoding } = this.head;
    let body = Buffer.from(content.body as Uint8Array);
    const isCompressible = this.route.compressResponses && body.length >= SMALLEST_COMPRESSED && COMPRESSIBLE.test(content.mediaType);
    const coding = isCompressible && acceptEncoding !== undefined ? responseCoding(acceptEncoding) : undefined;
    if (coding !== undefined) body = (await compress(coding, body)) as Buffer<ArrayBuffer>;
    if (!this.canAnswer()) return;
    const { status, headers } = call.response;
    response.writeHead(status, {
      ...headersOf(content),
      ...(coding === undefined ? {} : { "content-encoding": coding }),
      ...(headers as OutgoingHttpHeaders),
      "content-length": body.length,
    });
    response.end(body);
    this.answered(status);
  }

  /** The first part decides on the status; what fails later is told in the stream. */
  async #stream(content: StreamedContent, call: ApiCall): Promise<void> {
    const parts = content.parts[Symbol.asyncIterator]();
    try {
      const first = await orAborted(parts.next(), call.signal);
      call.stopTime();
      if (!this.canAnswer()) return;
      const { status, headers } = call.response;
      // Proxies that collect an answer before they pass it on would make one piece of it.
      this.response.writeHead(status, { "content-type": content.mediaType, "cache-control": "no-cache", "x-accel-buffering": "no", ...(headers as OutgoingHttpHeaders) });
      const error = await this.#writeParts(first, parts, call);
      if (!this.canAnswer()) return;
      if (error !== undefined) await pacedWrite(this.response, content.partOfError(failureOf(error.reason).message));
      this.response.end();
      this.answered(status);
    } finally {
      // The client may be gone: its iterator has to end as well.
      parts.return?.().then(undefined, () => undefined);
    }
  }

  /** Writes all parts, as fast as the client reads them. Gives what broke them off. */
  async #writeParts(
    first: IteratorResult<string | Uint8Array, unknown>,
    parts: AsyncIterator<string | Uint8Array, unknown>,
    { signal, requestId }: ApiCall,
  ): Promise<{ readonly reason: unknown } | undefined> {
    try {
      for (let next = first; next.done !== true; next = await orAborted(parts.next(), signal)) {
        await pacedWrite(this.response, next.value);
        if (signal.aborted) return undefined;
      }
      return undefined;
    } catch (reason) {
      if (!isBentoMLError(reason)) this.route.report(reason, requestId);
      return { reason };
    }
  }
}

function headersOf({ mediaType, headers }: WrittenContent): Record<string, string> {
  const lowered = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  return { "content-type": mediaType, ...(Object.fromEntries(lowered) as Record<string, string>) };
}
