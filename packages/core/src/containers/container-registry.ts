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

interface LazyEntry {
  readonly type: LazyType;
  readonly container: DataContainer;
}

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
  readonly #byName = new Map<string, DataContainer>();

  constructor(
    /** Serves what no registered type matches. */
    readonly fallback: DataContainer,
  ) {
    this.#byName.set(fallback.name, fallback);
  }

  /**
   * Registers a container for the type of single values and the type of batches. Doing it again changes nothing.
   *
   * @throws InvalidArgumentError when another container has the name or one of the types.
   */
  registerContainer<Single, Batch>(singleType: ContainerType, batchType: ContainerType, container: DataContainer<Single, Batch>): void {
    const registered = container as unknown as DataContainer;
    this.#checkName(registered);
    checkType(this.#bySingleType, singleType, registered);
    checkType(this.#byBatchType, batchType, registered);
    this.#byName.set(registered.name, registered);
    this.#bySingleType.add(singleType, registered);
    this.#byBatchType.add(batchType, registered);
  }

  /** The container that sends `value`, joins values like it, and splits it: by its batch type. */
  containerOf(value: unknown): DataContainer {
    return this.findByBatchType(value);
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
      `No container is called "${name}"; known are ${[...this.#byName.keys()].join(", ")}. ` +
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
    const other = this.#byName.get(name);
    if (other === undefined || other === container) return;
    throw new InvalidArgumentError(
      `A second container called "${name}" cannot be registered: the name is its identity on the wire. Rename one, or look for a package that is installed twice.`,
    );
  }
}

function checkType(table: TypeTable, type: ContainerType, container: DataContainer): void {
  const other = table.registered(type);
  if (other === undefined || other === container) return;
  throw new InvalidArgumentError(
    `${typeof type === "function" ? `Class ${type.name}` : `Type ${type.name} of ${type.module}`} already has the container "${other.name}" and cannot get "${container.name}" as well.`,
  );
}
