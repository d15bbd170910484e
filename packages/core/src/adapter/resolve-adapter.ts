import { statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { AdapterNotFoundError } from "../errors/index.js";
import type { ModelInfo } from "../models/index.js";
import { contractTrouble } from "./contract-version.js";
import { findPackage, readManifest, upwardsFrom, type FoundPackage, type PackageManifest } from "./find-package.js";
import { entryOf } from "./package-entry.js";

/** What decides which adapter opens a model. */
export type AdapterClue = Pick<ModelInfo, "name" | "version" | "module" | "adapter">;

export interface ResolveAdapterOptions {
  /** The folder of the service file, or the working folder: its node_modules, and those above it, are looked through first. */
  readonly projectFolder: string;
  /** Looked through after it, in order, such as the folder of the command line tool. */
  readonly besideFolders?: readonly string[] | undefined;
}

export interface ResolvedAdapter {
  readonly packageName: string;
  /** `file:` URL of the module to import. */
  readonly entryUrl: string;
  /** Absolute path of the package, without links. */
  readonly packageFolder: string;
}

const BARE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const NAME_MAX_LENGTH = 214;
const DEPENDENCY_KEYS = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"] as const;
/** What to install for the modules of the Python original whose adapter is called otherwise or needs a library beside it. */
const INSTALL_LINES: ReadonlyMap<string, string> = new Map([
  ["bentoml.onnx", "bentoml-onnx onnxruntime-node"],
  ["bentoml.tensorflow", "bentoml-tfjs"],
  ["bentoml.keras", "bentoml-tfjs"],
]);

/**
 * Finds the installed adapter that opens a model, and imports nothing. What a model.yaml says is data from a stranger, so
 * it only ever picks among installed packages that declare themselves to be adapters for that module, by
 * `"bentoml": { "adapter": "v1", "pythonModules": ["bentoml.onnx"] }` in their package.json. Tried are the adapter that
 * model.yaml names, its module when that is a package name, `bentoml-<x>` for a module `bentoml.<x>`, and the dependencies
 * of the project. Throws AdapterNotFoundError that tells what was tried and what to install.
 */
export function resolveAdapter(info: AdapterClue, options: ResolveAdapterOptions): ResolvedAdapter {
  const folders = [options.projectFolder, ...(options.besideFolders ?? [])].map((folder) => resolve(folder));
  const tried: string[] = [];
  const updates: string[] = [];
  for (const name of candidatesFor(info, folders[0]!, tried)) {
    const found = findPackage(name, folders);
    updates.push(...updateOf(found, name, info.module));
    const trouble = found === undefined ? "is not installed" : troubleWith(found.manifest, name, info.module);
    if (found !== undefined && trouble === undefined) return resolvedFrom(found, name, info);
    tried.push(`${name} ${trouble}`);
  }
  throw notFound(info, folders, tried, updates);
}

/** Package names to try, without repeats. Dependencies of the project come last and only if they declare an adapter. */
function* candidatesFor(info: AdapterClue, projectFolder: string, tried: string[]): Generator<string> {
  const named = [info.adapter, info.module, conventionFor(info.module)].filter((name) => name !== undefined && name !== "");
  const seen = new Set<string>();
  for (const name of named as string[]) {
    if (seen.has(name)) continue;
    seen.add(name);
    if (isBarePackageName(name)) yield name;
    else tried.push(`${JSON.stringify(name)} is not a bare package name`);
  }
  for (const name of dependenciesOf(projectFolder)) {
    if (seen.has(name) || !isBarePackageName(name)) continue;
    const found = findPackage(name, [projectFolder]);
    if (found !== undefined && declarationOf(found.manifest) !== undefined) yield name;
  }
}

function conventionFor(module: string): string | undefined {
  const match = /^bentoml\.([A-Za-z0-9_]+)$/.exec(module);
  return match === null ? undefined : `bentoml-${match[1]!.toLowerCase()}`;
}

/** No path, no URL, no `node:` module, no path within a package. */
function isBarePackageName(name: string): boolean {
  return name.length <= NAME_MAX_LENGTH && BARE_NAME.test(name) && name !== "node_modules" && !isBuiltin(name);
}

/** Of the nearest package.json at or above the folder. */
function dependenciesOf(projectFolder: string): string[] {
  for (const folder of upwardsFrom(projectFolder)) {
    const manifest = readManifest(folder);
    if (manifest !== undefined) return DEPENDENCY_KEYS.flatMap((key) => keysOf(manifest[key]));
  }
  return [];
}

function keysOf(value: unknown): string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

interface AdapterDeclaration {
  readonly adapter: unknown;
  readonly pythonModules: readonly unknown[];
}

function declarationOf(manifest: PackageManifest): AdapterDeclaration | undefined {
  const declared = manifest["bentoml"];
  if (typeof declared !== "object" || declared === null || !("adapter" in declared)) return undefined;
  const modules = "pythonModules" in declared && Array.isArray(declared.pythonModules) ? (declared.pythonModules as unknown[]) : [];
  return { adapter: declared.adapter, pythonModules: modules };
}

function opens({ pythonModules }: AdapterDeclaration, name: string, module: string): boolean {
  return module === name || pythonModules.includes(module);
}

/** Why a package does not open the module; `undefined` when it does. */
function troubleWith(manifest: PackageManifest, name: string, module: string): string | undefined {
  const declaration = declarationOf(manifest);
  if (declaration === undefined) return 'is installed but does not declare "bentoml": { "adapter" } in its package.json';
  const contract = contractTrouble(declaration.adapter, name);
  if (contract !== undefined) return contract.reason;
  if (opens(declaration, name, module)) return undefined;
  return `opens ${declaration.pythonModules.join(", ") || "only its own models"}`;
}

/** What to update when a package would open the module, but is an adapter of a version that core does not speak. */
function updateOf(found: FoundPackage | undefined, name: string, module: string): string[] {
  const declaration = found === undefined ? undefined : declarationOf(found.manifest);
  if (declaration === undefined || !opens(declaration, name, module)) return [];
  const contract = contractTrouble(declaration.adapter, name);
  return contract === undefined ? [] : [contract.cure];
}

function resolvedFrom(found: FoundPackage, name: string, info: AdapterClue): ResolvedAdapter {
  const entry = entryOf(found);
  if (entry === undefined || !isFile(entry)) {
    throw new AdapterNotFoundError(
      `The adapter ${name} in ${found.folder}, which opens ${tagOf(info)}, has no ${entry ?? 'entry for import in "exports" or "main"'}. Build or install it again: npm i ${name}.`,
    );
  }
  return { packageName: name, entryUrl: pathToFileURL(entry).href, packageFolder: found.folder };
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function notFound(info: AdapterClue, folders: readonly string[], tried: readonly string[], updates: readonly string[]): AdapterNotFoundError {
  const looked = tried.length === 0 ? "Nothing could be tried" : `Tried: ${tried.join("; ")}`;
  return new AdapterNotFoundError(
    `No installed adapter opens ${tagOf(info)}, whose module is ${JSON.stringify(info.module)}. ${[...updates, cureFor(info)].join(" ")} ` +
      `${looked}. Looked in the node_modules folders of ${folders.join(", ")} and above, and at the project's dependencies.`,
  );
}

function cureFor(info: AdapterClue): string {
  const known = INSTALL_LINES.get(info.module) ?? conventionFor(info.module);
  if (known !== undefined) return `Install one: npm i ${known}.`;
  const name = [info.adapter, info.module].find((candidate) => candidate !== undefined && isBarePackageName(candidate));
  if (name === undefined) return "Its model.yaml names no package that could be installed.";
  return `Its model.yaml names the package ${name}; if you trust whoever made the model: npm i ${name}.`;
}

function tagOf(info: AdapterClue): string {
  return `${info.name}:${info.version}`;
}
