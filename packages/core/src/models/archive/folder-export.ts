import { randomBytes } from "node:crypto";
import { mkdir, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { InvalidArgumentError } from "../../errors/index.js";
import { syncFolder } from "../durable-files.js";
import { readFolder } from "./read-folder.js";
import { unpackEntries } from "./unpack-entries.js";
import { UnpackCounter } from "./unpack-limits.js";

/**
 * Copies a model's folder to `target` in one step: the copy is made beside it and renamed. Throws InvalidArgumentError when
 * something lies there already, and InvalidModelError when the model holds links.
 */
export async function copyToFolder(source: string, target: string): Promise<void> {
  await expectEmpty(target);
  const parent = dirname(target);
  const partial = join(parent, `.${basename(target)}.${randomBytes(4).toString("hex")}.part`);
  await mkdir(partial, { recursive: true });
  try {
    await unpackEntries(readFolder(source), partial, new UnpackCounter({ maxUnpackedBytes: Infinity, maxEntries: Infinity }));
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  syncFolder(parent);
}

/** Leaves nothing at `path`: an empty folder is removed, because Windows renames no folder to the name of another. */
async function expectEmpty(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return;
    throw new InvalidArgumentError(`${path} is there already, and a model is not copied into what holds something else. Choose another folder.`, { cause });
  }
}
