import type { RouteTable } from "../routes/route-table.js";
import type { Service } from "../service/index.js";
import { openApiDocument, type OpenApiOptions } from "./openapi-document.js";

/** Path of the OpenAPI document. */
export const docsPattern = "/docs.json";

export function addDocsRoute(routes: RouteTable, service: Service, options: OpenApiOptions): void {
  const document = openApiDocument(service, options);
  routes.get(docsPattern, () => document);
}
