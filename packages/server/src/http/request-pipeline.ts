import type { ServerResponse } from "node:http";
import type { BentoMLError } from "bentoml-core";
import type { EndpointMetrics } from "../metrics/request-metrics.js";
import type { RequestHead } from "./request-head.js";
import { bodiesTakeAllMemory, bodyTooLarge, serverIsClosing, tooManyRequests } from "./server-errors.js";
import type { ServerLimits } from "./server-limits.js";

/** What the pipeline has to know of the route that a request takes. */
export interface Endpoint {
  readonly metrics: EndpointMetrics;
  /** Probes and metrics: answered also under load and while the server closes. */
  readonly isAlwaysAnswered: boolean;
}

/**
 * What holds for every request, whoever answers it: the fast infer route or Fastify. Both call `begin` first and
 * `finish` once at the end. Request ids, limits, closing and metrics live here and nowhere else.
 */
export class RequestPipeline {
  readonly #limits: ServerLimits;
  #isDraining = false;
  #inFlight = 0;
  #bufferedBytes = 0;

  constructor(limits: ServerLimits) {
    this.#limits = limits;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** From now on requests are refused and each answer closes its connection. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Lets a request in, or gives the error to answer it with. Either way `finish` must follow. */
  begin(endpoint: Endpoint, head: RequestHead, response: ServerResponse, startedAt: number): BentoMLError | undefined {
    endpoint.metrics.started(startedAt);
    if (head.requestId !== undefined) response.setHeader("X-Request-Id", head.requestId);
    if (this.#isDraining) response.shouldKeepAlive = false;
    if (head.contentLength !== undefined && head.contentLength > this.#limits.maxBodyBytes) {
      this.#inFlight += endpoint.isAlwaysAnswered ? 0 : 1;
      return bodyTooLarge(this.#limits.maxBodyBytes);
    }
    if (endpoint.isAlwaysAnswered) return undefined;
    this.#inFlight++;
    if (this.#isDraining) return serverIsClosing();
    if (this.#inFlight > this.#limits.maxConcurrency) return tooManyRequests(this.#limits.maxConcurrency);
    return undefined;
  }

  /** Takes memory for a part of a body, or gives the error to answer with. Whoever took it gives it back. */
  holdBytes(bytes: number): BentoMLError | undefined {
    if (this.#bufferedBytes + bytes > this.#limits.maxBufferedBytes) return bodiesTakeAllMemory();
    this.#bufferedBytes += bytes;
    return undefined;
  }

  releaseBytes(bytes: number): void {
    this.#bufferedBytes -= bytes;
  }

  finish(endpoint: Endpoint, status: number, startedAt: number): void {
    if (!endpoint.isAlwaysAnswered) this.#inFlight--;
    endpoint.metrics.finished(status, (performance.now() - startedAt) / 1000);
  }
}
