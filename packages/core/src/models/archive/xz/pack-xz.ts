import { crc32 } from "node:zlib";

const HEADER_MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
const FOOTER_MAGIC = Buffer.from("YZ", "latin1");
const LZMA2_FILTER = 0x21;
const CHECK_CRC32 = 1;
const STREAM_FLAGS = Buffer.of(0, CHECK_CRC32);
/** The smallest dictionary, 4 KiB: stored chunks never point back. */
const DICTIONARY_PROPERTY = 0;
const CHUNK_LIMIT_BYTES = 1 << 16;
const STORED_FIRST = 1;
const STORED_NEXT = 2;

/**
 * Packs bytes as an `.xz` file that `xz`, Python's `lzma` and `unpackXz` read. It stores and does not compress: weights of
 * models hardly shrink, and no maintained package compresses xz as a stream on every Node that we support. The file is
 * 0.005% larger than its content. Memory: one chunk of the source.
 */
export async function* packXz(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const header = blockHeader();
  yield Buffer.concat([HEADER_MAGIC, STREAM_FLAGS, littleEndian32(crc32(STREAM_FLAGS)), header]);
  let compressedSize = 1;
  let uncompressedSize = 0;
  let check = 0;
  for await (const piece of source) {
    for (let offset = 0; offset < piece.length; offset += CHUNK_LIMIT_BYTES) {
      const data = piece.subarray(offset, offset + CHUNK_LIMIT_BYTES);
      const start = Buffer.of(uncompressedSize === 0 ? STORED_FIRST : STORED_NEXT, (data.length - 1) >> 8, (data.length - 1) & 0xff);
      yield start;
      yield data;
      compressedSize += start.length + data.length;
      uncompressedSize += data.length;
      check = crc32(data, check);
    }
  }
  const unpaddedSize = header.length + compressedSize + 4;
  const index = indexOf(unpaddedSize, uncompressedSize);
  yield Buffer.concat([Buffer.alloc(1 + paddingAfter(compressedSize)), littleEndian32(check), index, footer(index.length)]);
}

function blockHeader(): Buffer {
  const fields = Buffer.of(2, 0, LZMA2_FILTER, 1, DICTIONARY_PROPERTY, 0, 0, 0);
  return Buffer.concat([fields, littleEndian32(crc32(fields))]);
}

function indexOf(unpaddedSize: number, uncompressedSize: number): Buffer {
  const records = Buffer.from([0, 1, ...variableLength(unpaddedSize), ...variableLength(uncompressedSize)]);
  const padded = Buffer.concat([records, Buffer.alloc(paddingAfter(records.length))]);
  return Buffer.concat([padded, littleEndian32(crc32(padded))]);
}

function footer(indexSize: number): Buffer {
  const fields = Buffer.concat([littleEndian32(indexSize / 4 - 1), STREAM_FLAGS]);
  return Buffer.concat([littleEndian32(crc32(fields)), fields, FOOTER_MAGIC]);
}

/** Seven bits a byte, lowest first; also for numbers beyond 32 bits. */
function variableLength(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return bytes;
}

function paddingAfter(size: number): number {
  return (4 - (size % 4)) % 4;
}

function littleEndian32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
