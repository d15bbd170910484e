import type { FastifyRequest } from "fastify";

/** Pattern of a model's routes, without and with a version. */
export const modelPatterns: readonly string[] = ["/v2/models/:model", "/v2/models/:model/versions/:version"];

/** The model that a URL of such a pattern names. */
export interface ModelParams {
  readonly model: string;
  readonly version?: string;
}

export function paramsOf(request: FastifyRequest): ModelParams {
  return request.params as ModelParams;
}
