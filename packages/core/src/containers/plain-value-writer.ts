import { types } from "node:util";
import { InvalidArgumentError } from "../errors/index.js";
import { NdArray } from "../ndarray/index.js";
import { encodeArray } from "./nd-array-payload.js";
import { MOST_LEVELS, UNSAFE_NAMES, type TaggedValue } from "./plain-value-format.js";
import { ValuePath } from "./value-path.js";

/** Writes plain values: see `plain-value-format.ts`. One writer writes one value. */
export class PlainValueWriter {
  /** Buffers so far; the first is kept for the JSON text. */
  readonly #buffers: Uint8Array[] = [new Uint8Array(0)];
  readonly #path = new ValuePath();
  /** The objects that the one being written lies in. */
  readonly #around = new Set<object>();

  /**
   * @returns the JSON text as the first buffer, then views on the value's arrays
   * @throws InvalidArgumentError that names the path of a function, class instance, symbol or cycle.
   */
  static write(value: unknown): Uint8Array[] {
    const writer = new PlainValueWriter();
    const text = JSON.stringify(writer.#write(value));
    const [, ...buffers] = writer.#buffers;
    return [new TextEncoder().encode(text), ...buffers];
  }

  #write(value: unknown): unknown {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return writeNumber(value);
      case "undefined":
        return tagged({ $: "undefined" });
      case "bigint":
        return tagged({ $: "bigint", hex: value.toString(16) });
      case "object":
        return value === null ? null : this.#writeObject(value);
      default:
        throw this.#refused(`a ${typeof value}`);
    }
  }

  #writeObject(value: object): unknown {
    if (NdArray.isNdArray(value)) return this.#writeArray(value);
    if (ArrayBuffer.isView(value)) return this.#writeTyped(value);
    if (types.isDate(value)) return this.#writeDate(value);
    if (this.#around.has(value)) throw this.#refused("a value that contains itself");
    if (this.#path.depth >= MOST_LEVELS) throw this.#refused(`more than ${String(MOST_LEVELS)} levels deep`);
    this.#around.add(value);
    const written = this.#writeCollection(value);
    this.#around.delete(value);
    return written;
  }

  #writeCollection(value: object): unknown {
    if (Array.isArray(value)) return this.#writeList(value);
    if (types.isMap(value)) return tagged({ $: "map", entries: this.#writeMap(value) });
    if (types.isSet(value)) return tagged({ $: "set", items: this.#writeSet(value) });
    return this.#writeRecord(value);
  }

  #writeList(list: readonly unknown[]): unknown[] {
    const written: unknown[] = [];
    for (let index = 0; index < list.length; index++) {
      const item = list[index];
      if (typeof item === "number" || typeof item === "string") written.push(this.#write(item));
      else written.push(this.#writeAt(index, item));
    }
    return written;
  }

  #writeMap(map: Map<unknown, unknown>): unknown[] {
    this.#checkClass(map, "Map");
    let place = 0;
    return Array.from(map, ([key, value]) => {
      const writtenKey = this.#writeAt({ text: `.keys()[${String(place++)}]` }, key);
      const shown = typeof key === "string" ? JSON.stringify(key) : `keys()[${String(place - 1)}]`;
      return [writtenKey, this.#writeAt({ text: `.get(${shown})` }, value)];
    });
  }

  #writeSet(set: Set<unknown>): unknown[] {
    this.#checkClass(set, "Set");
    let place = 0;
    return Array.from(set, (item) => this.#writeAt({ text: `.values()[${String(place++)}]` }, item));
  }

  #writeRecord(record: object): unknown {
    const prototype: unknown = Object.getPrototypeOf(record);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw this.#refused(`an instance of ${nameOfClass(record)}`);
    if (Object.getOwnPropertySymbols(record).length > 0) throw this.#refused("a record with a symbol for a name");
    const entries = Object.entries(record);
    if (entries.some(([name]) => UNSAFE_NAMES.has(name))) {
      return tagged({ $: "record", entries: entries.map(([name, value]) => [name, this.#writeAt(name, value)]) });
    }
    const written: Record<string, unknown> = {};
    for (const [name, value] of entries) written[name] = this.#writeAt(name, value);
    return written;
  }

  #writeAt(step: Parameters<ValuePath["enter"]>[0], value: unknown): unknown {
    this.#path.enter(step);
    const written = this.#write(value);
    this.#path.leave();
    return written;
  }

  #writeDate(date: Date): TaggedValue {
    this.#checkClass(date, "Date");
    const ms = date.getTime();
    return { $: "date", ms: Number.isNaN(ms) ? null : ms };
  }

  /** A Buffer is written as the Uint8Array that it is. */
  #writeTyped(array: ArrayBufferView): TaggedValue {
    const name: string = (array as Uint8Array)[Symbol.toStringTag];
    if (name === "DataView") throw this.#refused("a DataView");
    const buffer = this.#buffers.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength)) - 1;
    return { $: "typed", class: name, buffer };
  }

  #writeArray(array: NdArray): TaggedValue {
    const buffer = this.#buffers.length;
    this.#buffers.push(...encodeArray(array));
    return { $: "ndarray", dtype: array.dtype, shape: [...array.shape], buffer };
  }

  /** A subclass would come out as its base class. */
  #checkClass(value: object, wanted: string): void {
    if (nameOfClass(value) !== wanted) throw this.#refused(`an instance of ${nameOfClass(value)}`);
  }

  #refused(what: string): InvalidArgumentError {
    return new InvalidArgumentError(
      `${this.#path.toString()} is ${what}, which cannot be sent. Pass JSON values, bigint, Date, Map, Set, typed arrays and NdArrays, ` +
        "or register a container for the class.",
    );
  }
}

function writeNumber(value: number): unknown {
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  return tagged({ $: "number", value: (Object.is(value, -0) ? "-0" : String(value)) as "NaN" });
}

/** Makes the compiler check what is written against the format. */
function tagged(value: TaggedValue): TaggedValue {
  return value;
}

function nameOfClass(value: object): string {
  const { constructor } = value;
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "an unnamed class";
}
