import type { Service } from "../service/index.js";
import { API_TAG, apiPathItem } from "./api-operation.js";
import { errorComponents } from "./error-answers.js";
import { INFRASTRUCTURE_TAG, infrastructurePaths } from "./infrastructure-paths.js";
import { securitySchemes } from "./secrets.js";

/** An OpenAPI 3.1 document. */
export type OpenApiDocument = Readonly<Record<string, unknown>>;

/** What a document says besides what the service says of itself. */
export interface OpenApiOptions {
  /** Whether the server wants a token or an API key. Default false. */
  readonly asksForSecret?: boolean;
}

/** What a service's APIs take and give, probes and metrics included. */
export function openApiDocument(service: Service, { asksForSecret = false }: OpenApiOptions = {}): OpenApiDocument {
  const { name, version, doc, apis } = service;
  return {
    openapi: "3.1.0",
    info: { title: name, version: version ?? "not available", ...(doc === undefined ? {} : { description: doc }) },
    // Relative to the document, so that it holds behind a proxy as well.
    servers: [{ url: "./" }],
    tags: [
      { name: API_TAG, description: "The service's own APIs." },
      { name: INFRASTRUCTURE_TAG, description: "Probes and metrics." },
    ],
    paths: { ...infrastructurePaths(), ...Object.fromEntries(apis.map((api) => [api.path, apiPathItem(api, name, asksForSecret)])) },
    components: { ...errorComponents(asksForSecret), ...(asksForSecret ? { securitySchemes } : {}) },
  };
}
