import { sharedPart } from "../copies/index.js";
import { dtypeOfTypedArray, isNamedTensors, NdArray } from "../ndarray/index.js";
import { ContainerRegistry, shareTables, type RegistrationOptions } from "./container-registry.js";
import { emptyTables } from "./container-tables.js";
import type { ContainerType, LazyType } from "./container-type.js";
import type { DataContainer } from "./data-container.js";
import { defaultContainer } from "./default-container.js";
import { namedTensorsContainer } from "./named-tensors-container.js";
import { ndArrayContainer } from "./nd-array-container.js";
import { ParamsContainer } from "./params-container.js";
import { Params } from "./params.js";
import { PayloadContainer } from "./payload-container.js";
import { isPayload } from "./payload.js";

const foreignNdArray: LazyType = { module: "bentoml-core", name: "NdArray", is: (value) => NdArray.isNdArray(value) };

const typedArray: LazyType = {
  module: "node",
  name: "TypedArray",
  is: (value) => dtypeOfTypedArray(value) !== undefined,
};

const foreignParams: LazyType = { module: "bentoml-core", name: "Params", is: (value) => Params.isParams(value) };

const payload: LazyType = { module: "bentoml-core", name: "Payload", is: isPayload };

const namedTensors: LazyType = { module: "bentoml-core", name: "NamedTensors", is: isNamedTensors };

/** A new registry with the containers of this package. */
export function builtInRegistry(): ContainerRegistry {
  const registry = new ContainerRegistry(defaultContainer);
  registry.registerContainer(NdArray, NdArray, ndArrayContainer);
  registry.registerContainer(foreignNdArray, foreignNdArray, ndArrayContainer);
  registry.registerContainer(typedArray, typedArray, ndArrayContainer);
  registry.registerContainer(namedTensors, namedTensors, namedTensorsContainer);
  const paramsContainer = new ParamsContainer(registry);
  registry.registerContainer(Params, Params, paramsContainer);
  registry.registerContainer(foreignParams, foreignParams, paramsContainer);
  registry.registerContainer(payload, payload, new PayloadContainer(registry));
  return registry;
}

function threadRegistry(): ContainerRegistry {
  const registry = builtInRegistry();
  shareTables(registry, () => sharedPart("containers", emptyTables));
  return registry;
}

/**
 * The registry of this thread. Each worker has its own, filled when it imports the adapter. Containers of this package are those of the
 * copy that looks them up; what adapters register is there for every installed copy of this package.
 */
export const defaultRegistry: ContainerRegistry = threadRegistry();

/**
 * Registers a container in the default registry: see `ContainerRegistry.registerContainer`. Adapters call it from `register()`,
 * never on import, where a bundler may drop it.
 */
export function registerContainer<Single, Batch>(
  singleType: ContainerType,
  batchType: ContainerType,
  container: DataContainer<Single, Batch>,
  options: RegistrationOptions = {},
): void {
  defaultRegistry.registerContainer(singleType, batchType, container, options);
}
