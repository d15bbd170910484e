// For users of runners and for adapters. What is not exported here is internal.
export {
  AdapterModel,
  defineAdapter,
  resolveAdapter,
  type Adapter,
  type AdapterDefinition,
  type CommonSaveOptions,
  type SavedFacts,
} from "./adapter/index.js";
export {
  DataContainerBase,
  ContainerRegistry,
  Params,
  defaultRegistry,
  kwargs,
  registerContainer,
  type DataContainer,
  type ContainerType,
  type JoinedBatch,
  type JsonValue,
  type LazyType,
  type Payload,
} from "./containers/index.js";
export {
  AdapterNotFoundError,
  BentoMLError,
  DeadlineExceededError,
  InvalidArgumentError,
  InvalidModelError,
  MissingDependencyError,
  ModelExistsError,
  ModelNotFoundError,
  ModelRunError,
  NotFoundError,
  RunnableNotReachableError,
  RunnerNotInitializedError,
  ServiceUnavailableError,
  StateError,
  WorkerCrashedError,
  isBentoMLError,
  type BentoMLErrorOptions,
} from "./errors/index.js";
export type { BatchEvent, CallOptions, HandleStats, MethodSpec, RunnerHandle, ShedEvent, WorkerChangeEvent } from "./handles/index.js";
export { ModelStore, StoredModel, type ModelDraft, type ModelInfo, type ModelSignature } from "./models/index.js";
export { NdArray, allocate, bytesPerElement, dtypes, viewOf, type Dtype, type DtypeData, type NamedTensors, type TensorSpec } from "./ndarray/index.js";
export {
  AbstractRunner,
  Runnable,
  Runner,
  type AnyRunner,
  type CallContext,
  type MethodBatching,
  type MethodsOf,
  type Prepare,
  type RunnableClass,
  type RunnableMethodConfig,
  type RunnableMethods,
  type RunnableReference,
  type RunnerConstructor,
  type RunnerMethod,
  type RunnerOptions,
  type SetupContext,
  type TypedRunner,
} from "./runner/index.js";
export { Tag } from "./tag/index.js";
