import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { InvalidModelError, ModelExistsError } from "../errors/index.js";
import type { VersionedTag } from "../tag/index.js";
import { syncFolder } from "./durable-files.js";
import { hashFiles } from "./manifest.js";
import { contentOf } from "./model-files.js";
import { MODEL_YAML, type ModelInfo } from "./model-info.js";
import { formatModelYaml } from "./model-yaml.js";
import { isNotWritable, notWritable } from "./not-writable.js";
import { VersionAliases } from "./version-aliases.js";

/** Another process may remove the name's folder, because its last model went, just when ours is to be moved into it. */
const MOVE_ATTEMPTS = 20;

export interface Destination {
  readonly tag: VersionedTag;
  /** Final path of the model: `<models>/<name>/<version>`. */
  readonly path: string;
}

/** Hashes a draft's files, writes its model.yaml with their checksums, and brings everything to the disk. */
export async function completeDraft(draft: string, info: ModelInfo): Promise<ModelInfo> {
  const { files } = await contentOf(draft);
  if (files.includes(MODEL_YAML)) throw new InvalidModelError(`The save of ${info.name} wrote ${MODEL_YAML} itself; that file is the store's.`);
  const complete: ModelInfo = { ...info, files: await hashFiles(draft, files) };
  writeFileSync(join(draft, MODEL_YAML), formatModelYaml(complete), { flush: true });
  await syncFolders(draft);
  return complete;
}

/** Brings the entries of a folder and of all folders in it to the disk. */
export async function syncFolders(folder: string): Promise<void> {
  const { folders } = await contentOf(folder);
  for (const inner of [...folders].reverse()) syncFolder(join(folder, inner));
  syncFolder(folder);
}

/**
 * Makes a complete draft the model of its tag in one step, by renaming the folder. If the tag is taken, also when another
 * process took it a moment ago, it throws ModelExistsError and changes nothing. Throws a BentoMLError of the code
 * `STORE_NOT_WRITABLE` when the folder of the model's name cannot be changed.
 */
export function moveIntoStore(draft: string, destination: Destination): void {
  const nameFolder = dirname(destination.path);
  expectFree(destination);
  for (let attempt = 1; ; attempt++) {
    try {
      mkdirSync(nameFolder, { recursive: true });
      renameSync(draft, destination.path);
      break;
    } catch (error) {
      const isNameFolderGone = !existsSync(nameFolder) && existsSync(draft);
      if (isNameFolderGone && !isNotWritable(error) && attempt < MOVE_ATTEMPTS) continue;
      expectFree(destination);
      throw isNotWritable(error) ? notWritable(nameFolder, error) : error;
    }
  }
  syncFolder(nameFolder);
  syncFolder(dirname(nameFolder));
}

/**
 * Throws ModelExistsError when the tag is taken, by a model or an alias; an empty folder, as a Python process that died
 * leaves it, takes no tag.
 */
export function expectFree(destination: Destination): void {
  expectNoAlias(destination);
  let entries: string[];
  try {
    entries = readdirSync(destination.path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (entries.length === 0) return;
  throw new ModelExistsError(
    `${destination.tag.toString()} already exists in ${destination.path}. A saved model never changes: save without a version to get a fresh one, ` +
      `or delete this one first (bentoml models delete ${destination.tag.toString()}).`,
  );
}

function expectNoAlias({ tag, path }: Destination): void {
  const found = new VersionAliases(tag.name, dirname(path)).find(tag.version);
  if (found === undefined) return;
  throw new ModelExistsError(
    `${tag.toString()} is an alias, which stands for ${found.tag.toString()}. Save with another version, ` +
      `or remove the alias first (bentoml models alias --remove ${tag.toString()}).`,
  );
}

/**
 * Takes a model out of the store in one step: it is moved to `graveyard`, which the caller removes. Throws a BentoMLError of
 * the code `STORE_NOT_WRITABLE` when it cannot be moved.
 */
export function moveOutOfStore(path: string, graveyard: string): void {
  try {
    renameSync(path, join(graveyard, "deleted"));
  } catch (error) {
    if (isNotWritable(error)) throw notWritable(dirname(path), error);
    // A folder that came with a container image cannot be renamed. Without model.yaml it is no model any more.
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    rmSync(join(path, MODEL_YAML), { force: true });
    rmSync(path, { recursive: true, force: true });
  }
  syncFolder(dirname(path));
}
