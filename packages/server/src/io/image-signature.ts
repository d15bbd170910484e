import { Buffer } from "node:buffer";

/** How files of a type begin: bytes at a place, as latin1 text. */
const signatures: readonly (readonly [mimeType: string, place: number, text: string])[] = [
  ["image/png", 0, "\x89PNG\r\n\x1a\n"],
  ["image/jpeg", 0, "\xff\xd8\xff"],
  ["image/gif", 0, "GIF8"],
  ["image/webp", 8, "WEBP"],
  ["image/tiff", 0, "II*\0"],
  ["image/tiff", 0, "MM\0*"],
  ["image/avif", 4, "ftypavif"],
  ["image/avif", 4, "ftypavis"],
  ["image/bmp", 0, "BM"],
];

/** Types that can be told by how their files begin. */
export const knownImageTypes: readonly string[] = [...new Set(signatures.map(([mimeType]) => mimeType))];

/** What the bytes begin as; undefined for no known image. */
export function imageTypeOf(bytes: Uint8Array): string | undefined {
  return signatures.find(([, place, text]) => Buffer.from(bytes.subarray(place, place + text.length)).toString("latin1") === text)?.[0];
}
