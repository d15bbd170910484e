import type { BentoMLError } from "bentoml-core";
import type { EndpointMetrics } from "../metrics/request-metrics.js";
import type { AccessControl } from "./access-control.js";
import type { Answer } from "./answer.js";
import type { RequestHead } from "./request-head.js";
import type { RequestWatcher } from "./request-watcher.js";
import { bodiesTakeAllMemory, bodyTooLarge, serverIsClosing, tooManyRequests } from "./server-errors.js";
import type { ServerLimits } from "./server-limits.js";

/** What the pipeline has to know of the route that a request takes. */
export interface Endpoint {
  readonly metrics: EndpointMetrics;
  /** Probes, metrics and the page's data: answered also under load and while the server closes. */
  readonly isAlwaysAnswered: boolean;
  /** Answered also to those who bring no secret, where one is asked for. Default false. */
  readonly isOpen?: boolean;
}

/** Told of each request that has ended. */
export type RequestObserver = (endpoint: Endpoint, status: number, durationMs: number) => void;

/**
 * What holds for every request, whoever answers it: the fast infer route or Fastify. Both call `begin` first and
 * `finish` once at the end. Request ids, access, limits, closing and metrics live here and nowhere else.
 */
export class RequestPipeline {
  readonly #limits: ServerLimits;
  readonly #access: AccessControl | undefined;
  readonly #watchers: readonly RequestWatcher[];
  /** Undefined while nobody looks. */
  observer: RequestObserver | undefined;
  #isDraining = false;
  #isRetiring = false;
  #isLeaving = false;
  #inFlight = 0;
  #bufferedBytes = 0;

  /** @param access undefined: everybody may call. */
  constructor(limits: ServerLimits, access?: AccessControl, watchers: readonly RequestWatcher[] = []) {
    this.#limits = limits;
    this.#access = access;
    this.#watchers = watchers;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Not ready any more. */
  get isLeaving(): boolean {
    return this.#isLeaving || this.#isDraining;
  }

  /** From now on each answer closes its connection: another server takes the next one. */
  retire(): void {
    this.#isRetiring = true;
  }

  /** As `retire`, and the server says that it is not ready. */
  leave(): void {
    this.retire();
    this.#isLeaving = true;
  }

  /** From now on requests are refused and each answer closes its connection. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Lets a request in, or gives the error to answer it with. Either way `finish` must follow. */
  begin(endpoint: Endpoint, head: RequestHead, response: Answer, startedAt: number): BentoMLError | undefined {
    endpoint.metrics.started(startedAt);
    if (!endpoint.isAlwaysAnswered) this.#inFlight++;
    for (const watcher of this.#watchers) watcher.begun(endpoint, head, response, startedAt);
    if (head.requestId !== undefined) response.setHeader("X-Request-Id", head.requestId);
    if (this.#isDraining || this.#isRetiring) response.shouldKeepAlive = false;
    return this.#access?.refusal(head, endpoint.isOpen === true, response) ?? this.#pastLimits(endpoint, head);
  }

  /** The same for one more call of a request that has been let in and brings several. */
  beginAnother(endpoint: Endpoint, startedAt: number): BentoMLError | undefined {
    endpoint.metrics.started(startedAt);
    this.#inFlight++;
    return this.#inFlight > this.#limits.maxConcurrency ? tooManyRequests(this.#limits.maxConcurrency) : undefined;
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
    const durationMs = performance.now() - startedAt;
    endpoint.metrics.finished(status, durationMs / 1000);
    this.observer?.(endpoint, status, durationMs);
  }

  #pastLimits(endpoint: Endpoint, { contentLength = 0 }: RequestHead): BentoMLError | undefined {
    const { maxBodyBytes, maxConcurrency } = this.#limits;
    if (contentLength > maxBodyBytes) return bodyTooLarge(maxBodyBytes);
    if (endpoint.isAlwaysAnswered) return undefined;
    if (this.#isDraining) return serverIsClosing();
    return this.#inFlight > maxConcurrency ? tooManyRequests(maxConcurrency) : undefined;
  }
}
