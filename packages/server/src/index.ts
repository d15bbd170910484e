/**
 * Serves bentoml runners over HTTP by the Open Inference Protocol v2: `new ModelServer({ models }).listen()`.
 */
export { ModelServer } from "./model-server.js";
export type { CloseOptions, ListenOptions, ListeningAddress, ModelServerOptions } from "./server-options.js";
export { servedModel } from "./served-model.js";
export type { ServableMethod, ServableModel, ServableRunner, ServedModel } from "./served-model.js";
export type { ServerLimits } from "./http/server-limits.js";
export type { ErrorContext, UnexpectedErrorListener } from "./http/error-answerer.js";
