/** Services: APIs over HTTP and the runners behind them. `server-parts.ts` serves them; users make them. */
export type { Api, ApiHandler, ApiOptions } from "./api.js";
export type { ApiContext, ApiRequest } from "./api-context.js";
export { createApiFront } from "./api-front.js";
export type { ApiResponse, CookieOptions } from "./api-response.js";
export { MountedApps, type Mount, type MountedPlugin } from "./mounted-apps.js";
export { Service, type ServiceHook, type ServiceOptions } from "./service.js";
export { ServiceLife } from "./service-life.js";
