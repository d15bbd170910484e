import { InvalidModelError } from "../../../errors/index.js";

/** What is wrong, by the number that ends the library's message: the results of XZ Embedded, which it is built from. */
const TROUBLES: ReadonlyMap<string, string> = new Map([
  ["3", "cannot be unpacked: there is not enough memory"],
  ["4", 'wants a dictionary of more than 64 MiB in memory. Pack it with "xz -9" or less'],
  ["5", "is damaged: it does not begin as an xz file"],
  ["6", 'uses a filter other than LZMA2, or a check other than CRC32 and CRC64. Pack it with plain "xz"'],
  ["7", "is damaged: its content or a checksum of it is wrong. Copy or export it again"],
  ["8", "ends too early: the file is cut off. Copy or export it again"],
]);

/**
 * Unpacks an `.xz` file, also one of several streams, in pieces of at most 64 KiB. Every check of the file is verified, and
 * so is its index. Memory: the dictionary (8 MiB for what Python writes, at most 64 MiB), which stays with the process for
 * the next file. Files are unpacked one after another: a second one waits until the first is read or given up.
 *
 * Throws InvalidModelError for damaged data, filters other than LZMA2, and checks other than CRC32, CRC64 and none. Errors of
 * `packed` pass through.
 */
export async function* unpackXz(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // The package is CommonJS, of which Node finds no named exports. It is loaded here because few processes read an archive.
  const { XzReadableStream } = (await import("xz-decompress")).default;
  const source = new PackedSource(packed);
  try {
    for await (const piece of new XzReadableStream(ReadableStream.from(source))) {
      if (piece.length > 0) yield piece;
    }
  } catch (error) {
    throw source.failure === error ? error : refusalOf(error);
  } finally {
    // The library lets go of its source when it is given up, but not when the data is wrong.
    await source.close();
  }
}

/** The packed bytes as the library wants them: it takes an empty piece for the end of the file, and no piece for a bug. */
class PackedSource implements AsyncIterable<Uint8Array> {
  readonly #pieces: AsyncGenerator<Uint8Array>;
  #failure: unknown;

  constructor(packed: AsyncIterable<Uint8Array>) {
    this.#pieces = this.#fullPiecesOf(packed);
  }

  /** The error that the source itself threw. */
  get failure(): unknown {
    return this.#failure;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this.#pieces;
  }

  async close(): Promise<void> {
    await this.#pieces.return(undefined);
  }

  async *#fullPiecesOf(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let isEmpty = true;
    try {
      for await (const piece of packed) {
        if (piece.length === 0) continue;
        isEmpty = false;
        yield piece;
      }
      if (isEmpty) throw new InvalidModelError("The xz data is damaged: it is empty.");
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }
}

function refusalOf(cause: unknown): InvalidModelError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const number = /error code (\d+)$/.exec(message)?.[1] ?? "";
  return new InvalidModelError(`The xz data ${TROUBLES.get(number) ?? `cannot be unpacked: ${message}`}.`, { cause });
}
