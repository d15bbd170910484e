import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { Crc64 } from "./crc64.js";

/** Adds up the bytes of an xz block; `digest` gives the check as it stands in the file. */
export interface BlockCheck {
  update(bytes: Uint8Array): void;
  /** `undefined` when the check is one that cannot be computed here. */
  digest(): Uint8Array | undefined;
}

/** Bytes that a check of this type (0 to 15) takes in the file, also when its method is unknown. */
export function checkSizeOf(type: number): number {
  return type === 0 ? 0 : 4 << Math.floor((type - 1) / 3);
}

/** The check of this type: 0 none, 1 CRC32, 4 CRC64 (what Python writes), 10 SHA-256; others are not verified. */
export function blockCheckOf(type: number): BlockCheck {
  if (type === 1) return new Crc32Check();
  if (type === 4) return new Crc64();
  if (type === 10) return new Sha256Check();
  return { update: () => undefined, digest: () => undefined };
}

class Crc32Check implements BlockCheck {
  #value = 0;

  update(bytes: Uint8Array): void {
    this.#value = crc32(bytes, this.#value);
  }

  digest(): Uint8Array {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(this.#value);
    return bytes;
  }
}

class Sha256Check implements BlockCheck {
  readonly #hash = createHash("sha256");

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes);
  }

  digest(): Uint8Array {
    return this.#hash.digest();
  }
}
