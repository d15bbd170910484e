import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/** A package.json; what its keys hold is not checked. */
export type PackageManifest = Readonly<Record<string, unknown>>;

export interface FoundPackage {
  /** Absolute, without links: the same whichever way a workspace is linked. */
  readonly folder: string;
  readonly manifest: PackageManifest;
}

/** Looks for an installed package in the node_modules folders at and above each of `folders`, in order, as Node does. */
export function findPackage(name: string, folders: readonly string[]): FoundPackage | undefined {
  for (const start of folders) {
    for (const folder of upwardsFrom(start)) {
      // Node never looks into node_modules/node_modules.
      if (basename(folder) === "node_modules") continue;
      const path = join(folder, "node_modules", name);
      const manifest = readManifest(path);
      if (manifest !== undefined) return { folder: realpathSync(path), manifest };
    }
  }
  return undefined;
}

/** The package.json in a folder; `undefined` when there is none that can be read. */
export function readManifest(folder: string): PackageManifest | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return typeof manifest === "object" && manifest !== null && !Array.isArray(manifest) ? (manifest as PackageManifest) : undefined;
  } catch {
    return undefined;
  }
}

/** The folder, its parent, and so on up to the root of the disk. */
export function* upwardsFrom(start: string): Generator<string> {
  for (let folder = resolve(start); ; folder = dirname(folder)) {
    yield folder;
    if (folder === dirname(folder)) return;
  }
}
