import { InvalidArgumentError, NotFoundError } from "../errors/index.js";
import type { DataContainer } from "./data-container.js";
import { shownJson } from "./shown-json.js";

/** A type that is recognised by looks, so that no library loads in the caller just to compare classes. */
export interface LazyType {
  /** npm package that has the type. */
  readonly module: string;
  readonly name: string;
  is(value: unknown): boolean;
}

/** A class, whatever its constructor takes, or a lazy type. */
export type ContainerType = (abstract new (...constructorArguments: never[]) => object) | LazyType;

export interface RegistrationOptions {
  /**
   * `import.meta.url` of a module that registers the container: when it is imported, or by a function `register` that it
   * exports. A worker that meets the container's values imports it.
   */
  readonly module?: string | undefined;
}

/** Which module registers a container. */
export interface ContainerModule {
  readonly container: string;
  /** A file URL. */
  readonly module: string;
}

interface LazyEntry {
  readonly type: LazyType;
  readonly container: DataContainer;
}

/** Names that stand in a content type for what is not a single payload. */
const RESERVED_NAMES: ReadonlySet<string> = new Set(["frame", "multiple_outputs", "stream_outputs", "error"]);

/** Containers by a type: a class by its prototype, which finds subclasses on the value's prototype chain; lazy types in order. */
class TypeTable {
  readonly #byPrototype = new Map<object, DataContainer>();
  readonly #lazy: LazyEntry[] = [];

  find(value: unknown): DataContainer | undefined {
    if (typeof value === "object" && value !== null) {
      let prototype = Object.getPrototypeOf(value) as object | null;
      while (prototype !== null) {
        const container = this.#byPrototype.get(prototype);
        if (container !== undefined) return container;
        prototype = Object.getPrototypeOf(prototype) as object | null;
      }
    }
    for (const { type, container } of this.#lazy) if (type.is(value)) return container;
    return undefined;
  }

  /** The container that the very type is registered with. */
  registered(type: ContainerType): DataContainer | undefined {
    if (typeof type === "function") return this.#byPrototype.get(type.prototype as object);
    return this.#lazy.find((entry) => entry.type.module === type.module && entry.type.name === type.name)?.container;
  }

  add(type: ContainerType, container: DataContainer): void {
    if (this.registered(type) === container) return;
    if (typeof type === "function") this.#byPrototype.set(type.prototype as object, container);
    else this.#lazy.push({ type, container });
  }
}

/**
 * Which container serves a value. Look-up goes by the exact class, then the classes it extends, then lazy types in the order of
 * their registration, then the fallback. Most callers use `defaultRegistry`.
 */
export class ContainerRegistry {
  readonly #bySingleType = new TypeTable();
  readonly #byBatchType = new TypeTable();
  /** Single types that are not the batch type of their container. */
  readonly #byOtherSingleType = new TypeTable();
  readonly #byName = new Map<string, DataContainer>();
  readonly #modules: ContainerModule[] = [];

  constructor(
    /** Serves what no registered type matches. */
    readonly fallback: DataContainer,
  ) {
    this.#byName.set(fallback.name, fallback);
  }

  /** Where workers find the containers that were registered with a module, in the order of registration; it only grows. */
  get modules(): readonly ContainerModule[] {
    return this.#modules;
  }

  /**
   * Registers a container for the type of single values and the type of batches. Doing it again changes nothing.
   *
   * @throws InvalidArgumentError when another container has the name or one of the types, or `module` is no file URL.
   */
  registerContainer<Single, Batch>(
    singleType: ContainerType,
    batchType: ContainerType,
    container: DataContainer<Single, Batch>,
    { module }: RegistrationOptions = {},
  ): void {
    const registered = container as unknown as DataContainer;
    this.#checkName(registered);
    checkModule(registered, module);
    checkType(this.#bySingleType, singleType, registered);
    checkType(this.#byBatchType, batchType, registered);
    const isNew = module !== undefined && this.#modules.every((known) => known.container !== registered.name);
    if (isNew) this.#modules.push({ container: registered.name, module });
    this.#byName.set(registered.name, registered);
    this.#bySingleType.add(singleType, registered);
    this.#byBatchType.add(batchType, registered);
    if (singleType !== batchType) this.#byOtherSingleType.add(singleType, registered);
  }

  /** The container that sends `value`, joins values like it, and splits it: by its batch type, else by its single type. */
  containerOf(value: unknown): DataContainer {
    return this.#byBatchType.find(value) ?? this.#byOtherSingleType.find(value) ?? this.fallback;
  }

  findBySingleType(value: unknown): DataContainer {
    return this.#bySingleType.find(value) ?? this.fallback;
  }

  findByBatchType(value: unknown): DataContainer {
    return this.#byBatchType.find(value) ?? this.fallback;
  }

  /** @throws NotFoundError that says which packages to install or register. */
  findByName(name: string): DataContainer {
    const container = this.#byName.get(name);
    if (container !== undefined) return container;
    throw new NotFoundError(
      `No container is called ${shownJson(name)}; known are ${[...this.#byName.keys()].join(", ")}. ` +
        "Containers of adapters (bentoml-onnx and others) are there once their package is imported and its register() was called, on both sides of a connection.",
      { code: "CONTAINER_NOT_FOUND" },
    );
  }

  #checkName(container: DataContainer): void {
    const { name } = container;
    if (typeof name !== "string" || !/^[A-Za-z][\w.-]*$/.test(name)) {
      throw new InvalidArgumentError(
        `A container's name is its identity on the wire and must be a letter followed by letters, digits, "_", "." or "-", not ${shownJson(name)}.`,
      );
    }
    if (RESERVED_NAMES.has(name.toLowerCase())) {
      throw new InvalidArgumentError(`No container can be called "${name}": the wire format has another use for the name.`);
    }
    const other = this.#byName.get(name);
    if (other === undefined || other === container) return;
    throw new InvalidArgumentError(
      `A second container called "${name}" cannot be registered: the name is its identity on the wire. Rename one, or look for a package that is installed twice.`,
    );
  }
}

function checkModule({ name }: DataContainer, module: string | undefined): void {
  if (module === undefined || (URL.canParse(module) && module.startsWith("file:"))) return;
  throw new InvalidArgumentError(`The module of container "${name}" must be a file URL, not ${shownJson(module)}: pass import.meta.url.`);
}

function checkType(table: TypeTable, type: ContainerType, container: DataContainer): void {
  const other = table.registered(type);
  if (other === undefined || other === container) return;
  throw new InvalidArgumentError(
    `${typeof type === "function" ? `Class ${type.name}` : `Type ${type.name} of ${type.module}`} already has the container "${other.name}" and cannot get "${container.name}" as well.`,
  );
}
