import { crc32 } from "node:zlib";
import { InvalidModelError } from "../../../errors/index.js";
import { blockCheckOf, checkSizeOf } from "./block-check.js";
import { ByteSource } from "../byte-source.js";
import { dictionarySizeOf, readLzma2 } from "./lzma2-reader.js";
import { FOOTER_MAGIC, HEADER_MAGIC, LZMA2_FILTER } from "./xz-format.js";

interface BlockHeader {
  readonly size: number;
  readonly dictionarySize: number;
}

interface BlockRecord {
  /** Header, compressed data and check, without the padding. */
  readonly unpaddedSize: number;
  readonly uncompressedSize: number;
}

/**
 * Unpacks an `.xz` file, also one of several streams, piece by piece (at most 2 MiB each). Memory: the dictionary (8 MiB
 * for what Python writes) and about 4 MiB. Every check of the file is verified, and so is its index. Throws
 * InvalidModelError for damaged data and for filters other than LZMA2.
 */
export async function* unpackXz(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = new ByteSource(packed, "xz data");
  try {
    let magic = await source.readUnlessEnded(HEADER_MAGIC.length);
    if (magic === undefined) throw damaged("it is empty");
    while (magic !== undefined) {
      if (Buffer.compare(magic, HEADER_MAGIC) !== 0) throw damaged("it does not begin as an xz file");
      yield* unpackStream(source);
      magic = await nextMagic(source);
    }
  } finally {
    await source.close();
  }
}

async function* unpackStream(source: ByteSource): AsyncGenerator<Uint8Array> {
  const flags = Buffer.from(await source.read(2));
  expectCrc32(flags, await source.read(4), "header");
  const checkType = flags[1]! & 0x0f;
  if (flags[0] !== 0 || flags[1]! > 15) throw damaged(`its flags ${flags.toString("hex")} are unknown`);
  const records: BlockRecord[] = [];
  for (let first = await source.byte(); first !== 0; first = await source.byte()) {
    const header = parseBlockHeader(await readBlockHeader(source, first));
    records.push(yield* unpackBlock(source, header, checkType));
  }
  const indexSize = await verifyIndex(source, records);
  await verifyFooter(source, flags, indexSize);
}

async function* unpackBlock(source: ByteSource, header: BlockHeader, checkType: number): AsyncGenerator<Uint8Array, BlockRecord> {
  const begin = source.consumed;
  const check = blockCheckOf(checkType);
  let uncompressedSize = 0;
  for await (const piece of readLzma2(source, header.dictionarySize)) {
    check.update(piece);
    uncompressedSize += piece.length;
    yield piece;
  }
  const compressedSize = source.consumed - begin;
  await readPadding(source, header.size + compressedSize);
  const stored = Buffer.from(await source.read(checkSizeOf(checkType)));
  const computed = check.digest();
  if (computed !== undefined && Buffer.compare(stored, computed) !== 0) throw damaged("a checksum of its content is wrong");
  return { unpaddedSize: header.size + compressedSize + stored.length, uncompressedSize };
}

async function readBlockHeader(source: ByteSource, first: number): Promise<Buffer> {
  const size = (first + 1) * 4;
  const header = Buffer.concat([Buffer.of(first), await source.read(size - 1)]);
  expectCrc32(header.subarray(0, size - 4), header.subarray(size - 4), "block header");
  return header;
}

function parseBlockHeader(header: Buffer): BlockHeader {
  const flags = header[1]!;
  const fields = new ByteFields(header.subarray(2, header.length - 4));
  if ((flags & 0x3c) !== 0) throw damaged("a block header is of an unknown kind");
  // The sizes are optional and the index repeats them, where they are verified.
  if ((flags & 0x40) !== 0) fields.number();
  if ((flags & 0x80) !== 0) fields.number();
  const filter = fields.number();
  if ((flags & 3) !== 0 || filter !== LZMA2_FILTER) {
    throw new InvalidModelError('The xz data uses a filter other than LZMA2, which is not supported. Pack it with plain "xz".');
  }
  if (fields.number() !== 1) throw damaged("its LZMA2 filter has wrong properties");
  return { size: header.length, dictionarySize: dictionarySizeOf(fields.byte()) };
}

async function verifyIndex(source: ByteSource, records: readonly BlockRecord[]): Promise<number> {
  const bytes: number[] = [0];
  const number = async (): Promise<number> => {
    const start = bytes.length;
    do bytes.push(await source.byte());
    while (bytes[bytes.length - 1]! >= 0x80 && bytes.length - start < 9);
    return new ByteFields(Buffer.from(bytes.slice(start))).number();
  };
  let matches = (await number()) === records.length;
  for (const record of records) {
    matches &&= (await number()) === record.unpaddedSize && (await number()) === record.uncompressedSize;
  }
  if (!matches) throw damaged("its index does not match its blocks");
  bytes.push(...(await readPadding(source, bytes.length)));
  expectCrc32(Buffer.from(bytes), await source.read(4), "index");
  return bytes.length + 4;
}

async function verifyFooter(source: ByteSource, flags: Buffer, indexSize: number): Promise<void> {
  const footer = Buffer.from(await source.read(12));
  expectCrc32(footer.subarray(4, 10), footer.subarray(0, 4), "footer");
  const isRight =
    (footer.readUInt32LE(4) + 1) * 4 === indexSize &&
    Buffer.compare(footer.subarray(8, 10), flags) === 0 &&
    Buffer.compare(footer.subarray(10), FOOTER_MAGIC) === 0;
  if (!isRight) throw damaged("its footer is wrong");
}

/** Skips padding between streams (zeros, four at a time) and reads the magic of the next one. */
async function nextMagic(source: ByteSource): Promise<Uint8Array | undefined> {
  for (;;) {
    const start = await source.readUnlessEnded(4);
    if (start === undefined) return undefined;
    if (start.every((byte) => byte === 0)) continue;
    const copy = Buffer.from(start);
    return Buffer.concat([copy, await source.read(2)]);
  }
}

/** Reads the variable-length numbers of the format: seven bits a byte, lowest first. */
class ByteFields {
  #position = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    const byte = this.#bytes[this.#position++];
    if (byte === undefined) throw damaged("a header is too short");
    return byte;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    if (!Number.isSafeInteger(value)) throw damaged("a number in it is too large");
    return value;
  }
}

/** Zeros up to a multiple of four bytes. */
async function readPadding(source: ByteSource, size: number): Promise<Uint8Array> {
  const padding = await source.read((4 - (size % 4)) % 4);
  if (padding.some((byte) => byte !== 0)) throw damaged("its padding is not zero");
  return padding;
}

function expectCrc32(bytes: Uint8Array, expected: Uint8Array, part: string): void {
  if (crc32(bytes) !== Buffer.from(expected).readUInt32LE()) throw damaged(`the checksum of its ${part} is wrong`);
}

function damaged(trouble: string): InvalidModelError {
  return new InvalidModelError(`The xz data is damaged: ${trouble}.`);
}
