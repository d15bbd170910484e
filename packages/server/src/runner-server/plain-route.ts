import { ServiceUnavailableError } from "bentoml-core";
import type { Registry } from "prom-client";
import type { Endpoint } from "../http/request-pipeline.js";
import type { Probed, Readiness } from "../readiness.js";

/** What a GET answers with. */
export interface PlainAnswer {
  readonly contentType: string;
  readonly body: string;
}

/** A route without arguments: a probe or the metrics. */
export interface PlainRoute {
  readonly path: string;
  readonly endpoint: Endpoint;
  /** Throws what the request is refused with. */
  readonly answer: () => PlainAnswer | Promise<PlainAnswer>;
}

const RETRY_AFTER_MS = 1_000;
/** The body of the original's probes. */
const ALIVE: PlainAnswer = { contentType: "text/plain; charset=utf-8", body: "\n" };

/** Whether the process lives. */
export function liveRoute(path: string, endpoint: Endpoint): PlainRoute {
  return { path, endpoint, answer: () => ALIVE };
}

/** Whether a call would be run: the runner was started, and says that it is ready. */
export function readyRoute(path: string, endpoint: Endpoint, runner: Probed["runner"] & { readonly name: string }, readiness: Readiness): PlainRoute {
  const probed = [{ name: runner.name, runner }];
  return {
    path,
    endpoint,
    answer: async () => {
      const reason = await readiness.whyNot(probed);
      if (reason !== undefined) throw new ServiceUnavailableError(reason, { code: "NOT_READY", retryAfterMs: RETRY_AFTER_MS });
      return ALIVE;
    },
  };
}

/** The page that Prometheus reads. */
export function metricsRoute(path: string, endpoint: Endpoint, registry: Registry): PlainRoute {
  return { path, endpoint, answer: async () => ({ contentType: registry.contentType, body: await registry.metrics() }) };
}
