import { createReadStream } from "node:fs";
import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { contentOf } from "../model-files.js";
import type { ArchiveEntry } from "./archive-entry.js";

/** Reads a folder as if it were an archive. Throws InvalidModelError when it holds links or devices. */
export async function* readFolder(folder: string): AsyncGenerator<ArchiveEntry> {
  const { files, folders } = await contentOf(folder);
  for (const path of folders) yield { path, kind: "folder", size: 0, content: emptyContent() };
  for (const path of files) {
    const file = join(folder, path);
    const { size } = await lstat(file);
    yield { path, kind: "file", size, content: piecesOf(file) };
  }
}

/** Opens the file only when it is read. */
async function* piecesOf(file: string): AsyncGenerator<Uint8Array> {
  yield* createReadStream(file) as AsyncIterable<Uint8Array>;
}

async function* emptyContent(): AsyncGenerator<Uint8Array> {}
