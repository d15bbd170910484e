import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AdapterContractError } from "./contract-error.js";

/** What the checks read in a package.json. */
interface Manifest {
  readonly name?: unknown;
  readonly bentoml?: { readonly adapter?: unknown; readonly pythonModules?: unknown };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The package of the adapter. */
export interface AdapterPackage {
  readonly name: string;
  /** Absolute path. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** @throws AdapterContractError when the folder has no package.json with a name. */
export function readAdapterPackage(packageFolder: string | URL): AdapterPackage {
  const folder = packageFolder instanceof URL || packageFolder.startsWith("file:") ? fileURLToPath(packageFolder) : packageFolder;
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  } catch (cause) {
    throw new AdapterContractError(`packageFolder is ${folder}, which has no package.json that can be read: give the folder of the adapter's package.`, { cause });
  }
  if (typeof manifest.name !== "string") throw new AdapterContractError(`The package.json in ${folder} has no "name".`);
  return { name: manifest.name, folder, manifest };
}

/** The Python modules that the package declares; what is not a text is left out. */
export function pythonModulesOf({ manifest }: AdapterPackage): string[] {
  const declared = manifest.bentoml?.pythonModules;
  return Array.isArray(declared) ? declared.filter((module) => typeof module === "string") : [];
}
