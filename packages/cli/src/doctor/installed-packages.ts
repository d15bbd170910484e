import { readFileSync, readdirSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** A package.json; what its keys hold is not checked. */
export type Manifest = Readonly<Record<string, unknown>>;

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** Absolute, without links. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The package of this name in the nearest node_modules at or above the first of the folders where there is one, as Node looks for it. */
export function installedPackage(name: string, folders: readonly string[]): InstalledPackage | undefined {
  for (const modules of modulesFoldersAbove(folders)) {
    const found = packageIn(join(modules, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The packages that declare themselves to be adapters, in the node_modules folders at and above these; of each name the first. */
export function installedAdapters(folders: readonly string[]): InstalledPackage[] {
  const found = new Map<string, InstalledPackage>();
  for (const modules of modulesFoldersAbove(folders)) {
    for (const name of namesIn(modules)) {
      const candidate = found.has(name) ? undefined : packageIn(join(modules, name));
      if (candidate !== undefined && adapterVersionOf(candidate) !== undefined) found.set(name, candidate);
    }
  }
  return [...found.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** The version of the contract that an adapter says it meets; undefined for a package that is none. */
export function adapterVersionOf({ manifest }: InstalledPackage): string | undefined {
  const declared = manifest["bentoml"];
  if (typeof declared !== "object" || declared === null || !("adapter" in declared)) return undefined;
  return String(declared.adapter);
}

function modulesFoldersAbove(folders: readonly string[]): string[] {
  return folders.flatMap((start) => {
    const above = [start];
    for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) above.push(dirname(folder));
    return above.filter((folder) => basename(folder) !== "node_modules").map((folder) => join(folder, "node_modules"));
  });
}

/** Adapters are called `bentoml-<framework>`, also in a scope. */
function namesIn(modules: string): string[] {
  return entriesOf(modules).flatMap((entry) => {
    if (entry.startsWith("@")) return entriesOf(join(modules, entry)).filter((name) => name.startsWith("bentoml-")).map((name) => `${entry}/${name}`);
    return entry.startsWith("bentoml-") ? [entry] : [];
  });
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

function packageIn(folder: string): InstalledPackage | undefined {
  try {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
    return { name: textOf(manifest["name"], "without a name"), version: textOf(manifest["version"], "without a version"), folder: realpathSync(folder), manifest };
  } catch {
    return undefined;
  }
}
