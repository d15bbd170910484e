import { resolve } from "node:path";

/**
 * The absolute path that the command line means. A slash at its end stays, because it says that the path is a folder; and
 * so does an address such as `s3://…`, which the store refuses by its name.
 */
export function localPath(path: string, workingFolder: string): string {
  if (path.includes("://")) return path;
  return `${resolve(workingFolder, path)}${/[\\/]$/.test(path) ? "/" : ""}`;
}
