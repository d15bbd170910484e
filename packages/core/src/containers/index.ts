/**
 * Containers: how values are joined into batches, split again and sent, the registry that finds the container of a value, and
 * the arguments of a call (Params). Uses `errors` and `ndarray`. Whoever queues, batches or sends values uses it; containers of
 * adapters extend `DataContainerBase` and are registered with `registerContainer`.
 */
export { DataContainerBase, type DataContainer, type JoinedBatch } from "./data-container.js";
export { AutoContainer, autoContainer } from "./auto-container.js";
export { ContainerRegistry, type RegistrationOptions } from "./container-registry.js";
export type { ContainerModule } from "./container-tables.js";
export type { ContainerType, LazyType } from "./container-type.js";
export { builtInRegistry, defaultRegistry, registerContainer } from "./default-registry.js";
export { datatypeNames, datatypeOf, dtypeOfDatatype, type Datatype } from "./datatype.js";
export { DefaultContainer, defaultContainer } from "./default-container.js";
export { NamedTensorsContainer, namedTensorsContainer } from "./named-tensors-container.js";
export { NdArrayContainer, ndArrayContainer, type ArrayLikeValue } from "./nd-array-container.js";
export { decodeArray, encodeArray } from "./nd-array-payload.js";
export { isSideArgument } from "./join-params.js";
export { ParamsContainer } from "./params-container.js";
export { ownedPayload } from "./owned-payload.js";
export { splitPayload } from "./split-payload.js";
export { kwargs, Params, type Kwargs } from "./params.js";
export { PayloadContainer } from "./payload-container.js";
export { isPayload, type JsonValue, type Payload } from "./payload.js";
export { TensorContainer } from "./tensor-container.js";
export type { TritonInterface, TritonMetadata, TritonTensor } from "./triton-tensor.js";
