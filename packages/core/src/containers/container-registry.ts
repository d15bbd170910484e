import { InvalidArgumentError, NotFoundError } from "../errors/index.js";
import { addType, emptyTables, findContainer, registeredWith, type ContainerModule, type ContainerTables, type TableName } from "./container-tables.js";
import type { ContainerType } from "./container-type.js";
import type { DataContainer } from "./data-container.js";
import { shownJson } from "./shown-json.js";

/** How a container is registered. */
export interface RegistrationOptions {
  /**
   * `import.meta.url` of a module that registers the container: when it is imported, or by a function `register` that it
   * exports. A worker that meets the container's values imports it.
   */
  readonly module?: string | undefined;
}

/** Names that stand in a content type for what is not a single payload. */
const RESERVED_NAMES: ReadonlySet<string> = new Set(["frame", "multiple_outputs", "stream_outputs", "error"]);

let share: (registry: ContainerRegistry, tables: () => ContainerTables) => void;

/**
 * Makes what is registered from now on go into tables that others may write too, and look-ups go on there after the registry's own. They
 * are asked for when they are first wanted.
 */
export function shareTables(registry: ContainerRegistry, tables: () => ContainerTables): void {
  share(registry, tables);
}

/**
 * Which container serves a value. Look-up goes by the exact class, then the classes it extends, then lazy types in the order of
 * their registration, then the fallback. Most callers use `defaultRegistry`.
 */
export class ContainerRegistry {
  /** Its own, and then those that it shares. */
  readonly #tables: ContainerTables[] = [emptyTables()];
  #shared: (() => ContainerTables) | undefined;

  constructor(
    /** Serves what no registered type matches. */
    readonly fallback: DataContainer,
  ) {
    this.#written.byName.set(fallback.name, fallback);
  }

  static {
    share = (registry, tables) => (registry.#shared = tables);
  }

  /** Where workers find the containers that were registered with a module, in the order of registration; it only grows. */
  get modules(): readonly ContainerModule[] {
    return this.#written.modules;
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
    this.#checkType("single", singleType, registered);
    this.#checkType("batch", batchType, registered);
    const tables = this.#written;
    const isNew = module !== undefined && tables.modules.every((known) => known.container !== registered.name);
    if (isNew) tables.modules.push({ container: registered.name, module });
    tables.byName.set(registered.name, registered);
    addType(tables, "single", singleType, registered);
    addType(tables, "batch", batchType, registered);
    if (singleType !== batchType) addType(tables, "otherSingle", singleType, registered);
  }

  /** The container that sends `value`, joins values like it, and splits it: by its batch type, else by its single type. */
  containerOf(value: unknown): DataContainer {
    return this.#find("batch", value) ?? this.#find("otherSingle", value) ?? this.fallback;
  }

  /** The container for the type of single values that the value is of; the fallback when there is none. */
  findBySingleType(value: unknown): DataContainer {
    return this.#find("single", value) ?? this.fallback;
  }

  /** The container for the type of batches that the value is of; the fallback when there is none. */
  findByBatchType(value: unknown): DataContainer {
    return this.#find("batch", value) ?? this.fallback;
  }

  /**
   * The container of this name.
   *
   * @throws NotFoundError that says which packages to install or register.
   */
  findByName(name: string): DataContainer {
    const container = this.#named(name);
    if (container !== undefined) return container;
    throw new NotFoundError(
      `No container is called ${shownJson(name)}; known are ${this.#all.flatMap(({ byName }) => [...byName.keys()]).join(", ")}. ` +
        "Containers of adapters (bentoml-onnx and others) are there once their package is imported and its register() was called, on both sides of a connection.",
      { code: "CONTAINER_NOT_FOUND" },
    );
  }

  /** All tables, the shared ones last. */
  get #all(): readonly ContainerTables[] {
    if (this.#shared !== undefined) {
      this.#tables.push(this.#shared());
      this.#shared = undefined;
    }
    return this.#tables;
  }

  get #written(): ContainerTables {
    return this.#all[this.#all.length - 1] as ContainerTables;
  }

  #find(name: TableName, value: unknown): DataContainer | undefined {
    return findContainer(this.#all, name, value);
  }

  #named(name: string): DataContainer | undefined {
    for (const { byName } of this.#all) {
      const container = byName.get(name);
      if (container !== undefined) return container;
    }
    return undefined;
  }

  #checkType(name: TableName, type: ContainerType, container: DataContainer): void {
    const other = registeredWith(this.#all, name, type);
    if (other === undefined || other === container) return;
    throw new InvalidArgumentError(
      `${typeof type === "function" ? `Class ${type.name}` : `Type ${type.name} of ${type.module}`} already has the container "${other.name}" and cannot get "${container.name}" as well.`,
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
    const other = this.#named(name);
    if (other === undefined || other === container) return;
    throw new InvalidArgumentError(
      `A second container called "${name}" cannot be registered: the name is its identity on the wire. Rename one, or look for a package that is installed twice ("npm ls" shows it, "npm dedupe" mends it).`,
    );
  }
}

function checkModule({ name }: DataContainer, module: string | undefined): void {
  if (module === undefined || (URL.canParse(module) && module.startsWith("file:"))) return;
  throw new InvalidArgumentError(`The module of container "${name}" must be a file URL, not ${shownJson(module)}: pass import.meta.url.`);
}
