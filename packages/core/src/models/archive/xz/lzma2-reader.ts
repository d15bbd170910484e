import { InvalidModelError } from "../../../errors/index.js";
import type { ByteSource } from "../byte-source.js";
import { LzmaDecoder } from "./lzma-decoder.js";
import { LzmaWindow } from "./lzma-window.js";

/** Larger dictionaries are refused: one is held in memory while reading. `xz -9` uses 64 MiB. */
const DICTIONARY_LIMIT_BYTES = 128 << 20;

/** The dictionary size in bytes that the one property byte of an LZMA2 filter stands for. */
export function dictionarySizeOf(property: number): number {
  if (property > 40) throw new InvalidModelError(`The xz data is damaged: ${property} is no LZMA2 dictionary size.`);
  const size = property === 40 ? 2 ** 32 - 1 : (2 | (property & 1)) * 2 ** (Math.floor(property / 2) + 11);
  if (size > DICTIONARY_LIMIT_BYTES) {
    throw new InvalidModelError(
      `The xz data wants a dictionary of ${size} bytes in memory, at most ${DICTIONARY_LIMIT_BYTES} are allowed. Pack it with "xz -9" or less.`,
    );
  }
  return size;
}

/** Decodes one LZMA2 stream, chunk by chunk (each at most 2 MiB), up to and with its end mark. */
export async function* readLzma2(source: ByteSource, dictionarySize: number): AsyncGenerator<Uint8Array> {
  const window = new LzmaWindow(dictionarySize);
  const decoder = new LzmaDecoder(window);
  let needsDictionaryReset = true;
  let needsProperties = true;
  for (let control = await source.byte(); control !== 0; control = await source.byte()) {
    const resetsDictionary = control === 1 || control >= 0xe0;
    if (resetsDictionary) window.reset();
    else if (needsDictionaryReset) throw damaged("its first chunk does not reset the dictionary");
    needsDictionaryReset = false;
    if (control >= 0x80) {
      const setsProperties = control >= 0xc0;
      if ((resetsDictionary || needsProperties) && !setsProperties) throw damaged("a chunk lacks its properties");
      needsProperties = false;
      yield await readCompressed(source, control, window, decoder);
    } else {
      if (control > 2) throw damaged(`${control} begins no chunk`);
      needsProperties ||= resetsDictionary;
      yield await readStored(source, window);
    }
  }
}

async function readStored(source: ByteSource, window: LzmaWindow): Promise<Uint8Array> {
  const length = bigEndian16(await source.read(2), 0) + 1;
  const start = window.reserve(length);
  window.append(await source.read(length));
  return window.copyFrom(start);
}

async function readCompressed(source: ByteSource, control: number, window: LzmaWindow, decoder: LzmaDecoder): Promise<Uint8Array> {
  const sizes = await source.read(4);
  const length = ((control & 0x1f) << 16) + bigEndian16(sizes, 0) + 1;
  const compressedLength = bigEndian16(sizes, 2) + 1;
  if (control >= 0xc0) decoder.setProperties(await source.byte());
  if (control >= 0xa0) decoder.resetState();
  const start = window.reserve(length);
  decoder.decode(await source.read(compressedLength), length);
  return window.copyFrom(start);
}

function bigEndian16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! << 8) | bytes[offset + 1]!;
}

function damaged(trouble: string): InvalidModelError {
  return new InvalidModelError(`The xz data is damaged: ${trouble}.`);
}
