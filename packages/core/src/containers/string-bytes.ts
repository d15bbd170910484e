import { Buffer, isUtf8 } from "node:buffer";
import { InvalidArgumentError } from "../errors/index.js";

const MOST_BYTES = 2 ** 32 - 1;
const LENGTH_BYTES = 4;

/** Strings as two buffers: where each begins and the last ends (uint32, n + 1 numbers), and their UTF-8 one after the other. */
export function encodeStrings(strings: readonly string[]): Uint8Array[] {
  const offsets = new Uint32Array(strings.length + 1);
  // Not Buffer.from, whose bytes may lie in a pool that cannot be handed to another thread.
  const bytes = new TextEncoder().encode(checkedText(strings));
  if (bytes.length > MOST_BYTES) {
    throw new InvalidArgumentError(`Strings of ${String(bytes.length)} bytes are too long to send: ${String(MOST_BYTES)} is the most.`);
  }
  let end = 0;
  for (let index = 0; index < strings.length; index++) {
    end += Buffer.byteLength(strings[index] as string, "utf8");
    offsets[index + 1] = end;
  }
  return [new Uint8Array(offsets.buffer), bytes];
}

/** Strings one after the other, each after the number of its UTF-8 bytes as uint32: Triton's BYTES. */
export function encodeLengthPrefixed(strings: readonly string[]): Uint8Array {
  const bytes = Buffer.alloc(LENGTH_BYTES * strings.length + Buffer.byteLength(checkedText(strings), "utf8"));
  let position = 0;
  for (const text of strings) {
    const length = bytes.write(text, position + LENGTH_BYTES, "utf8");
    bytes.writeUInt32LE(length, position);
    position += LENGTH_BYTES + length;
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** All strings in one. A lone surrogate has no UTF-8 and would silently come out as another character. */
function checkedText(strings: readonly string[]): string {
  for (let index = 0; index < strings.length; index++) {
    const text: unknown = strings[index];
    if (typeof text !== "string") {
      throw new InvalidArgumentError(`Element ${String(index)} of a string array is a ${typeof text}, not a string.`);
    }
    if (LONE_SURROGATE.test(text)) {
      throw new InvalidArgumentError(`String ${String(index)} holds half of a surrogate pair and has no UTF-8: mend it with toWellFormed().`);
    }
  }
  return strings.join("");
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** @throws InvalidArgumentError for offsets that fall or do not fit the bytes, and for bytes that are not UTF-8. */
export function decodeStrings([offsetBytes, textBytes]: readonly Uint8Array[]): string[] {
  if (offsetBytes === undefined || textBytes === undefined || offsetBytes.byteLength % 4 !== 0 || offsetBytes.byteLength === 0) {
    throw new InvalidArgumentError("A payload of strings needs a buffer of uint32 offsets, one more than strings, and a buffer of UTF-8.");
  }
  const offsets = new Uint32Array(new Uint8Array(offsetBytes).buffer);
  const text = Buffer.from(textBytes.buffer, textBytes.byteOffset, textBytes.byteLength);
  checkOffsets(offsets, text);
  const strings: string[] = [];
  for (let index = 1; index < offsets.length; index++) strings.push(text.toString("utf8", offsets[index - 1], offsets[index]));
  return strings;
}

function checkOffsets(offsets: Uint32Array, text: Buffer): void {
  if (offsets[0] !== 0 || offsets.at(-1) !== text.length) {
    throw new InvalidArgumentError(
      `String offsets must go from 0 to the ${String(text.length)} bytes of text, not from ${String(offsets[0])} to ${String(offsets.at(-1))}.`,
    );
  }
  if (!isUtf8(text)) throw new InvalidArgumentError("The text of a string payload is not UTF-8.");
  for (let index = 1; index < offsets.length; index++) {
    const offset = offsets[index] as number;
    if (offset < (offsets[index - 1] as number)) {
      throw new InvalidArgumentError(`String offset ${String(index)} falls from ${String(offsets[index - 1])} to ${String(offset)}.`);
    }
    // Bytes 10xxxxxx go on with a character that began before them.
    if (offset < text.length && ((text[offset] as number) & 0xc0) === 0x80) {
      throw new InvalidArgumentError(`String offset ${String(index)} (${String(offset)}) lies inside a UTF-8 character.`);
    }
  }
}
