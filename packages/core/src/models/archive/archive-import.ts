import { createReadStream, type ReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { createGunzip } from "node:zlib";
import { InvalidModelError, NotFoundError } from "../../errors/index.js";
import { expectLocal, packingOf, type Packing } from "./archive-format.js";
import { readFolder } from "./read-folder.js";
import { readTar } from "./read-tar.js";
import { unpackEntries } from "./unpack-entries.js";
import { DEFAULT_UNPACK_LIMITS, UnpackCounter, type UnpackLimits } from "./unpack-limits.js";
import { unpackXz } from "./xz/index.js";

const READ_BYTES = 1 << 18;

/** Unpacks an archive, or copies a folder, into the empty folder `target`, as a stream and within the limits. */
export async function unpackArchive(given: string, target: string, limits: Partial<UnpackLimits>): Promise<void> {
  expectLocal(given);
  const path = resolve(given);
  const counter = new UnpackCounter({ ...DEFAULT_UNPACK_LIMITS, ...limits });
  if (await isFolder(path)) return unpackEntries(readFolder(path), target, counter);
  const packing = await packingOf(path);
  const file = createReadStream(path, { highWaterMark: READ_BYTES });
  try {
    await unpackEntries(readTar(counter.limited(unpackedBytes(file, packing))), target, counter);
  } catch (cause) {
    if (!((cause as NodeJS.ErrnoException).code ?? "").startsWith("Z_")) throw cause;
    throw new InvalidModelError(`The gzip data of ${path} is damaged: ${(cause as Error).message}. Copy or export it again.`, { cause });
  } finally {
    file.destroy();
  }
}

function unpackedBytes(file: ReadStream, packing: Packing): AsyncIterable<Uint8Array> {
  if (packing === "xz") return unpackXz(file as AsyncIterable<Uint8Array>);
  return packing === "gzip" ? gunzip(file) : file;
}

/** Not by `pipeline`: when the reader throws, that would report the abort that follows in place of the error. */
async function* gunzip(file: ReadStream): AsyncGenerator<Uint8Array> {
  const unpacked = createGunzip();
  file.once("error", (error) => unpacked.destroy(error));
  yield* file.pipe(unpacked) as AsyncIterable<Uint8Array>;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new NotFoundError(`There is no file or folder ${path} to import.`, { cause });
  }
}
