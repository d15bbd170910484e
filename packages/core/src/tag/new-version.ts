import { randomBytes } from "node:crypto";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
/** 100 ns steps from the start of the Gregorian calendar, where UUIDs count from, to 1970. */
const GREGORIAN_OFFSET = 0x01b21dd213814000n;
const STEPS_PER_MS = 10_000n;

/**
 * A fresh version: 16 characters of lower-case base32 (`a-z2-7`) over 10 bytes of a UUID of version 1, as the Python
 * original makes them: the lower 48 bits of the time, the clock sequence, the first two bytes of the node. The last two
 * are random here, and so is the time below a millisecond, so that two processes do not meet. Not sortable by time.
 */
export function newVersion(): string {
  const random = randomBytes(6);
  const stepsInMs = BigInt(random.readUInt16LE(4) % Number(STEPS_PER_MS));
  const time = GREGORIAN_OFFSET + BigInt(new Date().getTime()) * STEPS_PER_MS + stepsInMs;
  const bytes = Buffer.alloc(10);
  bytes.writeUInt32BE(Number(time & 0xffffffffn), 0);
  bytes.writeUInt16BE(Number((time >> 32n) & 0xffffn), 4);
  random.copy(bytes, 6, 0, 4);
  bytes[6] = (bytes[6]! & 0x3f) | 0x80;
  return base32(bytes);
}

function base32(bytes: Uint8Array): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = "";
  for (let shift = bytes.length * 8 - 5; shift >= 0; shift -= 5) text += BASE32.charAt(Number((bits >> BigInt(shift)) & 31n));
  return text;
}
