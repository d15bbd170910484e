import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Bytes of all files in a folder and the folders in it. A file that goes away meanwhile counts nothing. */
export function folderSize(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => lstatSync(join(folder, name), { throwIfNoEntry: false }))
    .reduce((total, status) => total + (status?.isFile() === true ? status.size : 0), 0);
}
