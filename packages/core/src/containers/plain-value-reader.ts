import { Buffer, isUtf8 } from "node:buffer";
import { InvalidArgumentError } from "../errors/index.js";
import { isDtype } from "../ndarray/index.js";
import { buffersOf, decodeArray } from "./nd-array-payload.js";
import { MOST_LEVELS, TAG } from "./plain-value-format.js";
import type { JsonValue } from "./payload.js";
import { shownJson } from "./shown-json.js";
import { readTypedArray } from "./typed-array-bytes.js";

type JsonRecord = Record<string, JsonValue>;

/** Reads what `PlainValueWriter` wrote. Nothing is trusted: no kind of tag runs code, and all that does not fit is refused. */
export class PlainValueReader {
  #level = 0;

  private constructor(private readonly buffers: readonly Uint8Array[]) {}

  /** @throws InvalidArgumentError for anything that the writer does not write. */
  static read(buffers: readonly Uint8Array[]): unknown {
    const [text] = buffers;
    if (text === undefined || !isUtf8(text)) throw malformed("its first buffer is not UTF-8 text");
    return new PlainValueReader(buffers).#read(parseJson(text));
  }

  /** Lists and records are changed in place: the parsed text belongs to nobody else. */
  #read(value: JsonValue): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (++this.#level > MOST_LEVELS * 2) throw malformed("it is nested too deep");
    const read = Array.isArray(value) ? this.#readList(value) : this.#readRecord(value);
    this.#level--;
    return read;
  }

  #readList(list: unknown[]): unknown[] {
    for (let index = 0; index < list.length; index++) {
      const item = list[index];
      if (typeof item === "object" && item !== null) list[index] = this.#read(item as JsonValue);
    }
    return list;
  }

  #readRecord(record: JsonRecord): unknown {
    if (Object.hasOwn(record, TAG)) return this.#readTagged(record);
    if (Object.hasOwn(record, "__proto__")) throw malformed('a record sets "__proto__"');
    const read: Record<string, unknown> = record;
    for (const name of Object.keys(record)) {
      const value = read[name];
      if (typeof value === "object" && value !== null) read[name] = this.#read(value as JsonValue);
    }
    return read;
  }

  #readTagged(record: JsonRecord): unknown {
    switch (record[TAG]) {
      case "undefined":
        return undefined;
      case "number":
        return readNumber(record["value"]);
      case "bigint":
        return readBigint(record["hex"]);
      case "date":
        return readDate(record["ms"]);
      case "map":
        return new Map(this.#readEntries(record["entries"]));
      case "set":
        return new Set(this.#readList(checkedList(record["items"])));
      case "record":
        return Object.fromEntries(this.#readEntries(record["entries"]).map(([name, value]) => [checkedName(name), value]));
      case "typed":
        return readTypedArray(record["class"], this.#buffersFrom(record["buffer"], 1)[0] as Uint8Array);
      case "ndarray":
        return this.#readArray(record);
      default:
        throw malformed(`it has the unknown tag ${shownJson(record[TAG])}`);
    }
  }

  #readEntries(entries: JsonValue | undefined): [unknown, unknown][] {
    return checkedList(entries).map((entry): [unknown, unknown] => {
      if (!Array.isArray(entry) || entry.length !== 2) throw malformed("an entry is not a pair");
      return [this.#read(entry[0] as JsonValue), this.#read(entry[1] as JsonValue)];
    });
  }

  #readArray({ dtype, shape, buffer }: JsonRecord): unknown {
    return decodeArray(dtype, shape, this.#buffersFrom(buffer, isDtype(dtype) ? buffersOf(dtype) : 1));
  }

  #buffersFrom(first: JsonValue | undefined, count: number): readonly Uint8Array[] {
    const valid = typeof first === "number" && Number.isSafeInteger(first) && first >= 1 && first + count <= this.buffers.length;
    if (!valid) throw malformed(`buffer ${shownJson(first)} is not one of its ${String(this.buffers.length)}`);
    return this.buffers.slice(first, first + count);
  }
}

function parseJson(text: Uint8Array): JsonValue {
  try {
    return JSON.parse(Buffer.from(text.buffer, text.byteOffset, text.byteLength).toString("utf8")) as JsonValue;
  } catch (cause) {
    throw malformed(`its first buffer is not JSON: ${(cause as Error).message}`, cause);
  }
}

function readNumber(value: JsonValue | undefined): number {
  switch (value) {
    case "NaN":
      return NaN;
    case "Infinity":
      return Infinity;
    case "-Infinity":
      return -Infinity;
    case "-0":
      return -0;
    default:
      throw malformed(`${shownJson(value)} is not a special number`);
  }
}

/** Hexadecimal, since reading long decimal numbers takes more than linear time. */
function readBigint(hex: JsonValue | undefined): bigint {
  const match = typeof hex === "string" ? /^(-?)([0-9a-f]+)$/.exec(hex) : null;
  if (match === null) throw malformed("a bigint is not hexadecimal");
  try {
    const magnitude = BigInt(`0x${match[2] as string}`);
    return match[1] === "-" ? -magnitude : magnitude;
  } catch (cause) {
    throw malformed("a bigint is too long", cause);
  }
}

function readDate(ms: JsonValue | undefined): Date {
  if (ms !== null && typeof ms !== "number") throw malformed("a date is not a number of milliseconds");
  return new Date(ms ?? NaN);
}

function checkedList(value: JsonValue | undefined): JsonValue[] {
  if (!Array.isArray(value)) throw malformed("a list is missing");
  return value;
}

function checkedName(name: unknown): string {
  if (typeof name !== "string") throw malformed("a record's name is not a string");
  return name;
}

function malformed(why: string, cause?: unknown): InvalidArgumentError {
  return new InvalidArgumentError(`The payload of a plain value cannot be read: ${why}.`, cause === undefined ? {} : { cause });
}
