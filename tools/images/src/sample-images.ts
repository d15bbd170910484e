import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";

/** Formats of `someFile`. */
export type SampleFormat = "jpeg" | "png" | "webp" | "gif" | "tiff" | "avif";

/** Pixels of three channels that differ from place to place. */
export function somePixels(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, index) => (index * 37 + (index >> 4) * 11) % 256);
}

/** A file of each format, large enough that a half of it is not all of it. */
export async function someFile(format: SampleFormat, width = 96, height = 80): Promise<Uint8Array> {
  const pipeline = sharp(somePixels(width, height), { raw: { width, height, channels: 3 } });
  return pipeline.toFormat(format).toBuffer();
}

/** A whole, valid PNG of one bit a pixel, all black: some kilobytes, whatever its size. */
export function hugePng(width: number, height: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  const rows = deflateSync(Buffer.alloc(height * (Math.ceil(width / 8) + 1)));
  const signature = Buffer.from("89504e470d0a1a0a", "hex");
  return Buffer.concat([signature, pngChunk("IHDR", header), pngChunk("IDAT", rows), pngChunk("IEND", Buffer.alloc(0))]);
}

/** A TIFF of one row of two grey floating-point pixels. */
export function floatTiff(): Uint8Array {
  const tags = [[256, 2], [257, 1], [258, 32], [259, 1], [262, 1], [273, 8], [277, 1], [278, 1], [279, 8], [339, 3]] as const;
  const file = Buffer.alloc(16 + 2 + tags.length * 12 + 4);
  file.write("II*\0", "latin1");
  file.writeUInt32LE(16, 4);
  file.writeFloatLE(0.5, 8);
  file.writeUInt16LE(tags.length, 16);
  for (const [index, [tag, value]] of tags.entries()) {
    file.writeUInt16LE(tag, 18 + index * 12);
    file.writeUInt16LE(4, 20 + index * 12);
    file.writeUInt32LE(1, 22 + index * 12);
    file.writeUInt32LE(value, 26 + index * 12);
  }
  return file;
}

function pngChunk(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
