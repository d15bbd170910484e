/** What a service's APIs take and give, as OpenAPI 3.1. It asks the room `service`, and the descriptors of `io`. */
export { addDocsRoute, docsPattern } from "./docs-route.js";
export { openApiDocument, type OpenApiDocument, type OpenApiOptions } from "./openapi-document.js";
