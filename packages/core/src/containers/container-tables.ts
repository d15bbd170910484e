import type { ContainerType, LazyType } from "./container-type.js";
import type { DataContainer } from "./data-container.js";

/** Which module registers a container. */
export interface ContainerModule {
  /** The container's name. */
  readonly container: string;
  /** A file URL. */
  readonly module: string;
}

/** Containers by a type: a class by its prototype, which finds subclasses on the value's prototype chain; lazy types in order. */
interface TypeTable {
  readonly byPrototype: Map<object, DataContainer>;
  readonly lazy: { readonly type: LazyType; readonly container: DataContainer }[];
}

/** Which types of values a table is of: single values, batches, or single values that are not the batch type of their container. */
export type TableName = "single" | "batch" | "otherSingle";

/**
 * What is registered, as plain data: copies of this package share one of these, so that a change of its members is one of
 * COPIES_CONTRACT.
 */
export interface ContainerTables extends Readonly<Record<TableName, TypeTable>> {
  readonly byName: Map<string, DataContainer>;
  readonly modules: ContainerModule[];
}

export function emptyTables(): ContainerTables {
  return { single: emptyTable(), batch: emptyTable(), otherSingle: emptyTable(), byName: new Map(), modules: [] };
}

function emptyTable(): TypeTable {
  return { byPrototype: new Map(), lazy: [] };
}

/** The container of the value's class, else of a class that it extends, else of the first lazy type that takes it. */
export function findContainer(tables: readonly ContainerTables[], name: TableName, value: unknown): DataContainer | undefined {
  if (typeof value === "object" && value !== null) {
    for (let prototype = prototypeOf(value); prototype !== null; prototype = prototypeOf(prototype)) {
      for (const table of tables) {
        const container = table[name].byPrototype.get(prototype);
        if (container !== undefined) return container;
      }
    }
  }
  for (const table of tables) {
    for (const { type, container } of table[name].lazy) if (type.is(value)) return container;
  }
  return undefined;
}

/** The container that the very type is registered with. */
export function registeredWith(tables: readonly ContainerTables[], name: TableName, type: ContainerType): DataContainer | undefined {
  for (const { [name]: table } of tables) {
    const found = typeof type === "function" ? table.byPrototype.get(type.prototype as object) : lazyEntry(table, type)?.container;
    if (found !== undefined) return found;
  }
  return undefined;
}

export function addType(tables: ContainerTables, name: TableName, type: ContainerType, container: DataContainer): void {
  const table = tables[name];
  if (typeof type === "function") table.byPrototype.set(type.prototype as object, container);
  else if (lazyEntry(table, type) === undefined) table.lazy.push({ type, container });
}

function lazyEntry({ lazy }: TypeTable, type: LazyType): TypeTable["lazy"][number] | undefined {
  return lazy.find((entry) => entry.type.module === type.module && entry.type.name === type.name);
}

function prototypeOf(value: object): object | null {
  return Object.getPrototypeOf(value) as object | null;
}
