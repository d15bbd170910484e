import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const READ_BYTES = 1 << 20;

/** Brings a folder's entries to the disk. Windows cannot open folders, and some network disks refuse: then nothing is done. */
export function syncFolder(path: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    fsyncSync(descriptor);
  } catch {
    return;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** SHA-256 of a file, in hex. With `sync`, its bytes are brought to the disk as well. Memory: 1 MiB. */
export async function hashFile(path: string, options: { readonly sync: boolean }): Promise<string> {
  const file = await openToSync(path, options.sync);
  try {
    const hash = createHash("sha256");
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
    }
    if (options.sync) await file.sync();
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}

/** Windows syncs only files that are open for writing; a file that is read-only is synced as far as the system allows. */
async function openToSync(path: string, sync: boolean): Promise<FileHandle> {
  if (!sync) return open(path, "r");
  try {
    return await open(path, "r+");
  } catch {
    return open(path, "r");
  }
}

/** Replaces a small file in one step, by way of `folder` on the same disk: readers see the old text or the new one. */
export function replaceFile(path: string, text: string, folder: string): void {
  const temporary = join(folder, `replacement-of-${basename(path)}`);
  writeFileSync(temporary, text, { flush: true });
  renameSync(temporary, path);
  syncFolder(dirname(path));
}
