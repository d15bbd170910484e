/**
 * Serves bentoml runners over HTTP: models by the Open Inference Protocol v2, `new ModelServer({ models }).listen()`, and one runner to
 * the programs that call it, `new RunnerServer({ runner }).listen()`.
 */
export { ModelServer } from "./model-server.js";
export type { CloseOptions, ListenOptions, ListeningAddress, ModelServerOptions } from "./server-options.js";
export { Service } from "./service/index.js";
export type { Api, ApiContext, ApiHandler, ApiOptions, ApiRequest, ApiResponse, CookieOptions, Mount, MountedPlugin, ServiceHook, ServiceOptions } from "./service/index.js";
export { openApiDocument, type OpenApiDocument, type OpenApiOptions } from "./openapi/index.js";
export { io } from "./io/index.js";
export type {
  ArrayOptions,
  Cell,
  CellOf,
  ColumnKind,
  ColumnRules,
  DataFrameDescriptor,
  DataFrameOptions,
  DescribedBody,
  DescribedContent,
  FieldDescriptors,
  FieldsRead,
  FieldsWritten,
  FileDescriptor,
  FileOptions,
  FileToSend,
  FrameToSend,
  ImageDescriptor,
  ImageOptions,
  ImageToSend,
  InputDescriptor,
  IoDescriptor,
  JsonDescriptor,
  JsonOptions,
  JsonSchema,
  MediaType,
  MultipartDescriptor,
  NdArrayDescriptor,
  NdArrayOptions,
  OutputDescriptor,
  PartDescriptor,
  ReceivedContent,
  ReceivedFile,
  SeriesDescriptor,
  SeriesOptions,
  SeriesToSend,
  StreamDescriptor,
  StreamedContent,
  Table,
  TableOrient,
  TableToSend,
  TextDescriptor,
  TextOptions,
  ValueSchema,
  WantedContent,
  WrittenContent,
} from "./io/index.js";
export { RunnerServer } from "./runner-server/runner-server.js";
export type { RunnerListenOptions, RunnerServerAddress, RunnerServerOptions } from "./runner-server/runner-server-options.js";
export { socketUrl } from "./runner-server/socket-path.js";
export type { RunnerToServe } from "./runner-server/runner-to-serve.js";
export type { ClassLabels } from "./class-labels.js";
export { servedModel } from "./served-model.js";
export type { ServableMethod, ServableModel, ServableRunner, ServedModel } from "./served-model.js";
export type { ModelChangeListener } from "./repository/model-control.js";
export type { ModelRepository, RepositoryEntry } from "./repository/model-repository.js";
export { listenOn } from "./http/listening.js";
export { stopAccepting } from "./http/stop-accepting.js";
export { isOpenToOthers } from "./http/open-to-others.js";
export type { AccessRules } from "./http/access-control.js";
export type { ServerTls } from "./http/server-tls.js";
export type { AccessLogOptions } from "./logging/access-log.js";
export { traceRunners } from "./tracing/trace-runners.js";
export type { LogStream } from "./logging/log-stream.js";
export type { ObservabilityOptions } from "./observability-options.js";
export type { MetricsGatherer, ProcessMetrics } from "./metrics/process-metrics.js";
export type { BatchCounts, Durations, ProcessStatistics, RequestCounts, StatisticsGatherer } from "./statistics/process-statistics.js";
export type { CrossOriginRules } from "./http/cross-origin.js";
export type { ServerLimits } from "./http/server-limits.js";
export type { ErrorContext, UnexpectedErrorListener } from "./http/error-answerer.js";
