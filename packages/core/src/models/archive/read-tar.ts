import { Header, Pax } from "tar";
import { InvalidModelError } from "../../errors/index.js";
import type { ArchiveEntry } from "./archive-entry.js";
import { ByteSource } from "./byte-source.js";

const BLOCK_BYTES = 512;
const PIECE_BYTES = 1 << 20;
/** Longest extra header, for names and attributes. */
const META_LIMIT_BYTES = 1 << 20;
const FILE_TYPES: readonly string[] = ["File", "OldFile", "ContiguousFile"];
const NO_CONTENT: AsyncIterable<Uint8Array> = (async function* () {})();

/**
 * Reads a tar stream, one entry at a time and never a whole file in memory. Throws InvalidModelError for anything but files
 * and folders: links and devices have no place in a model.
 */
export async function* readTar(stream: AsyncIterable<Uint8Array>): AsyncGenerator<ArchiveEntry> {
  const source = new ByteSource(stream);
  try {
    yield* entriesFrom(source);
    // To the very end, so that the checksums of the compression, which stand there, are verified too.
    await source.drain();
  } finally {
    await source.close();
  }
}

async function* entriesFrom(source: ByteSource): AsyncGenerator<ArchiveEntry> {
  let extended: Pax | undefined;
  let globals: Pax | undefined;
  for (;;) {
    const header = headerFrom(await source.read(BLOCK_BYTES), extended, globals);
    if (header.nullBlock) return;
    const size = checkedSize(header);
    if (isMeta(header.type)) {
      const text = await readMeta(source, size);
      if (header.type === "GlobalExtendedHeader") globals = Pax.parse(text, globals, true);
      else extended = extendedBy(extended, header.type, text);
      continue;
    }
    const kind = kindOf(header, extended);
    const body = new EntryBody(source, size);
    yield { path: pathOf(header, extended), kind, size, content: kind === "file" ? body.pieces() : NO_CONTENT };
    await body.skip();
    extended = undefined;
  }
}

/** True when the block is a valid tar header. */
export function isTarHeader(block: Buffer): boolean {
  try {
    return block.length >= BLOCK_BYTES && new Header(block).cksumValid;
  } catch {
    return false;
  }
}

function checkedSize(header: Header): number {
  const size = header.size ?? 0;
  if (!header.cksumValid || !Number.isSafeInteger(size)) throw damaged();
  return size;
}

/** The library throws plain errors for numbers that JavaScript cannot hold. */
function headerFrom(block: Uint8Array, extended: Pax | undefined, globals: Pax | undefined): Header {
  try {
    return new Header(Buffer.from(block), 0, extended, globals);
  } catch (cause) {
    throw damaged(cause);
  }
}

function damaged(cause?: unknown): InvalidModelError {
  return new InvalidModelError("The archive is damaged: a header in it is wrong.", { cause });
}

function isMeta(type: string): boolean {
  return /^(?:Old|Global)?ExtendedHeader$/.test(type) || /^(?:NextFileHasLong(?:Path|Linkpath)|OldGnuLongPath)$/.test(type);
}

function extendedBy(extended: Pax | undefined, type: string, text: string): Pax {
  if (text.includes("GNU.sparse.")) throw new InvalidModelError("The archive holds a sparse file. Pack it without --sparse.");
  if (type.endsWith("ExtendedHeader")) return Pax.parse(text, extended, false);
  const name = text.replace(/\0.*$/s, "");
  return Object.assign(extended ?? new Pax({}), type === "NextFileHasLongLinkpath" ? { linkpath: name } : { path: name });
}

function pathOf(header: Header, extended: Pax | undefined): string {
  return extended?.path ?? header.path ?? "";
}

function kindOf(header: Header, extended: Pax | undefined): "file" | "folder" {
  if (FILE_TYPES.includes(header.type)) return "file";
  if (header.type === "Directory") return "folder";
  throw new InvalidModelError(
    `The archive is refused: ${JSON.stringify(pathOf(header, extended))} is a ${header.type}. A model holds only files and folders.`,
  );
}

async function readMeta(source: ByteSource, size: number): Promise<string> {
  if (size > META_LIMIT_BYTES) throw new InvalidModelError("The archive is refused: a header in it is longer than 1 MiB.");
  const text = Buffer.from(await source.read(size)).toString("utf8");
  await source.read(paddingAfter(size));
  return text;
}

/** The bytes of one entry, which end on a whole block. */
class EntryBody {
  readonly #source: ByteSource;
  #left: number;
  readonly #padding: number;

  constructor(source: ByteSource, size: number) {
    this.#source = source;
    this.#left = size;
    this.#padding = paddingAfter(size);
  }

  async *pieces(): AsyncGenerator<Uint8Array> {
    while (this.#left > 0) yield await this.#next();
  }

  /** Goes on to the next header, past what was not read. */
  async skip(): Promise<void> {
    while (this.#left > 0) await this.#next();
    await this.#source.read(this.#padding);
  }

  async #next(): Promise<Uint8Array> {
    const piece = await this.#source.readSome(Math.min(this.#left, PIECE_BYTES));
    this.#left -= piece.length;
    return piece;
  }
}

function paddingAfter(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}
