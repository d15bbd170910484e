import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { InvalidModelError } from "bentoml-core";

/** One field of a protobuf message: a number, or the place of its bytes in the file. */
export interface ProtobufField {
  readonly number: number;
  /** The value of a varint field; 0n for others. */
  readonly value: bigint;
  /** First byte of a length-delimited field. */
  readonly start: number;
  /** One past its last byte. */
  readonly end: number;
}

const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Bytes read ahead. Fields that are skipped (weights) are never read. */
const windowSize = 65_536;

/** No name in a model is longer; a broken length must not make us allocate gigabytes. */
const maxTextBytes = 1_048_576;

const maxVarintBytes = 10;

/**
 * Protobuf's wire format, read from a file by position, so that gigabytes of weights cost nothing.
 * The format: https://protobuf.dev/programming-guides/encoding/
 */
export class ProtobufFile {
  /** How messages name the file. */
  readonly source: string;
  readonly size: number;
  readonly #descriptor: number;
  readonly #window: Buffer = Buffer.alloc(windowSize);
  #windowStart = 0;
  #windowEnd = 0;

  constructor(path: string, source: string) {
    this.source = source;
    this.#descriptor = openModel(path, source);
    this.size = fstatSync(this.#descriptor).size;
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** The fields of the message between two positions, in the file's order. */
  *fields(start: number, end: number): Generator<ProtobufField, void, undefined> {
    let position = start;
    while (position < end) {
      const key = this.#varint(position, end);
      const number = Number(key.value >> 3n);
      const kind = Number(key.value & 7n);
      const field = this.#field(number, kind, key.next, end);
      yield field;
      position = field.end;
    }
  }

  /** The bytes of a length-delimited field as text. */
  text(field: ProtobufField): string {
    const length = field.end - field.start;
    if (length > maxTextBytes) throw this.#broken(`a name of ${length} bytes`, field.start);
    const bytes = Buffer.alloc(length);
    if (readSync(this.#descriptor, bytes, 0, length, field.start) < length) {
      throw this.#broken("a name that ends too early", field.start);
    }
    return bytes.toString("utf8");
  }

  #field(number: number, kind: number, position: number, end: number): ProtobufField {
    switch (kind) {
      case wireType.varint: {
        const { value, next } = this.#varint(position, end);
        return { number, value, start: position, end: next };
      }
      case wireType.fixed64:
        return this.#sized(number, position, 8n, end);
      case wireType.fixed32:
        return this.#sized(number, position, 4n, end);
      case wireType.bytes: {
        const { value, next } = this.#varint(position, end);
        return this.#sized(number, next, value, end);
      }
      default:
        throw this.#broken(`an unknown kind of field (${kind})`, position);
    }
  }

  #sized(number: number, start: number, length: bigint, end: number): ProtobufField {
    if (BigInt(start) + length > BigInt(end)) {
      throw this.#broken(`a field of ${length} bytes where only ${end - start} are left`, start);
    }
    return { number, value: 0n, start, end: start + Number(length) };
  }

  #varint(position: number, end: number): { value: bigint; next: number } {
    let value = 0n;
    for (let index = 0; index < maxVarintBytes; index++) {
      if (position + index >= end) throw this.#broken("the end in the middle of a number", position);
      const byte = this.#byte(position + index);
      value |= BigInt(byte & 0x7f) << BigInt(7 * index);
      if (byte < 0x80) return { value, next: position + index + 1 };
    }
    throw this.#broken("a number that does not end", position);
  }

  #byte(position: number): number {
    if (position < this.#windowStart || position >= this.#windowEnd) {
      this.#windowStart = position;
      const length = readSync(this.#descriptor, this.#window, 0, windowSize, position);
      this.#windowEnd = position + length;
      if (length === 0) throw this.#broken("the end of the file", position);
    }
    return this.#window[position - this.#windowStart] ?? 0;
  }

  #broken(what: string, position: number): InvalidModelError {
    return new InvalidModelError(
      `${this.source} is no complete ONNX file: ${what} at byte ${position} of ${this.size}. ` +
        "It may be truncated, a Git LFS pointer or another format: copy, download or export it again.",
    );
  }
}

function openModel(path: string, source: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new InvalidModelError(`${source} cannot be read (${reason}).`, { cause: error });
  }
}
