import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { InvalidModelError, NotFoundError } from "../../errors/index.js";
import { packingOf } from "./archive-format.js";
import { readFolder } from "./read-folder.js";
import { readTar } from "./read-tar.js";
import { unpackEntries } from "./unpack-entries.js";
import { UnpackCounter, type UnpackLimits } from "./unpack-limits.js";
import { unpackXz } from "./xz/index.js";

const READ_BYTES = 1 << 18;

/** Unpacks an archive, or copies a folder, into the empty folder `target`, as a stream and within the limits. */
export async function unpackArchive(path: string, target: string, limits: UnpackLimits): Promise<void> {
  const counter = new UnpackCounter(limits);
  if (await isFolder(path)) return unpackEntries(readFolder(path), target, counter);
  const packing = await packingOf(path);
  const unpack = (stream: AsyncIterable<Uint8Array>): Promise<void> => unpackEntries(readTar(counter.limited(stream)), target, counter);
  const file = createReadStream(path, { highWaterMark: READ_BYTES });
  if (packing === "xz") return pipeline(file, unpackXz, unpack);
  if (packing === "none") return pipeline(file, unpack);
  try {
    await pipeline(file, createGunzip(), unpack);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "";
    if (!code.startsWith("Z_")) throw cause;
    throw new InvalidModelError(`The gzip data of ${path} is damaged: ${(cause as Error).message}. Copy or export it again.`, { cause });
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new NotFoundError(`There is no file or folder ${path} to import.`, { cause });
  }
}
