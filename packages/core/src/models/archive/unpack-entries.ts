import { mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { InvalidModelError } from "../../errors/index.js";
import { safePathOf, type ArchiveEntry } from "./archive-entry.js";
import type { UnpackCounter } from "./unpack-limits.js";

/**
 * Writes entries below `target`, an empty folder, and brings each file to the disk. Modes, owners and times of the archive
 * are left aside. Throws InvalidModelError for paths that lead out of the folder, and for two entries of one path.
 */
export async function unpackEntries(entries: AsyncIterable<ArchiveEntry>, target: string, counter: UnpackCounter): Promise<void> {
  for await (const entry of entries) {
    const path = safePathOf(entry.path);
    counter.countEntry(entry.size);
    try {
      if (entry.kind === "folder") await mkdir(join(target, path), { recursive: true });
      else await writeEntry(entry, join(target, path));
    } catch (cause) {
      throw clashOf(cause, entry.path);
    }
  }
}

async function writeEntry(entry: ArchiveEntry, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, "wx");
  try {
    for await (const piece of entry.content) await file.writeFile(piece);
    await file.sync();
  } finally {
    await file.close();
  }
}

function clashOf(cause: unknown, path: string): unknown {
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  if (code === "ENAMETOOLONG") {
    return new InvalidModelError(`The archive is refused: the path ${JSON.stringify(`${path.slice(0, 100)}…`)} is too long for this disk.`, { cause });
  }
  if (!["EEXIST", "ENOTDIR", "EISDIR"].includes(code)) return cause;
  return new InvalidModelError(`The archive is refused: another entry is in the way of ${JSON.stringify(path)}.`, { cause });
}
