/**
 * Serves bentoml runners over HTTP: models by the Open Inference Protocol v2, `new ModelServer({ models }).listen()`, and one runner to
 * the programs that call it, `new RunnerServer({ runner }).listen()`.
 */
export { ModelServer } from "./model-server.js";
export type { CloseOptions, ListenOptions, ListeningAddress, ModelServerOptions } from "./server-options.js";
export { RunnerServer } from "./runner-server/runner-server.js";
export type { RunnerListenOptions, RunnerServerAddress, RunnerServerOptions, RunnerServerTls } from "./runner-server/runner-server-options.js";
export type { RunnerToServe } from "./runner-server/runner-to-serve.js";
export { servedModel } from "./served-model.js";
export type { ServableMethod, ServableModel, ServableRunner, ServedModel } from "./served-model.js";
export type { ModelChangeListener } from "./repository/model-control.js";
export type { ModelRepository, RepositoryEntry } from "./repository/model-repository.js";
export type { CrossOriginRules } from "./http/cross-origin.js";
export type { ServerLimits } from "./http/server-limits.js";
export type { ErrorContext, UnexpectedErrorListener } from "./http/error-answerer.js";
