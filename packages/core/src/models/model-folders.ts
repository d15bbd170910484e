import { readdirSync, statSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { InvalidModelError } from "../errors/index.js";
import { Tag, type VersionedTag } from "../tag/index.js";
import { MODEL_YAML } from "./model-info.js";
import { StoredModel } from "./stored-model.js";

/** Reads the layout of a store: `<models>/<name>/<version>/model.yaml`. Changes nothing, so a read-only disk is enough. */
export class ModelFolders {
  readonly #models: string;

  constructor(models: string) {
    this.#models = models;
  }

  nameFolder(name: string): string {
    return join(this.#models, name);
  }

  pathOf(tag: VersionedTag): string {
    return join(this.#models, tag.name, tag.version);
  }

  /** Names with at least one folder that looks like a version, sorted. */
  names(): string[] {
    return tagPartsIn(this.#models).filter((name) => this.versions(name).length > 0);
  }

  /** Versions of a name, sorted. Folders without a model.yaml are not counted: something is being written there. */
  versions(name: string): string[] {
    const isModel = (version: string): boolean => version !== "latest" && isFile(join(this.nameFolder(name), version, MODEL_YAML));
    return tagPartsIn(this.nameFolder(name)).filter(isModel);
  }

  /** True when the folder of that version exists, whatever lies in it. */
  exists(tag: VersionedTag): boolean {
    return isFolder(this.pathOf(tag));
  }

  hasModel(tag: VersionedTag): boolean {
    return isFile(join(this.pathOf(tag), MODEL_YAML));
  }

  /** Throws InvalidModelError when the version's folder holds no usable model.yaml. */
  read(tag: VersionedTag): StoredModel {
    return StoredModel.read(this.pathOf(tag), tag);
  }

  /** The model of exactly this tag, `undefined` when it is not there, also when it is deleted in this moment. Throws as `read`. */
  find(tag: VersionedTag): StoredModel | undefined {
    if (!this.hasModel(tag)) return undefined;
    try {
      return this.read(tag);
    } catch (error) {
      if (this.hasModel(tag)) throw error;
      return undefined;
    }
  }

  /** All models of a name that can be read; the others are told in a process warning of the code `BENTOML_MODEL_UNREADABLE`. */
  readAll(name: string): StoredModel[] {
    return this.versions(name).flatMap((version) => {
      try {
        return [this.read(new Tag(name, version) as VersionedTag)];
      } catch (error) {
        // ENOENT below: deleted between the listing and the reading.
        if (!(error instanceof InvalidModelError)) throw error;
        if (isFile(join(this.nameFolder(name), version, MODEL_YAML))) {
          process.emitWarning(`${name}:${version} is left out: ${error.message}`, { type: "BentoMLWarning", code: "BENTOML_MODEL_UNREADABLE" });
        }
        return [];
      }
    });
  }
}

/** Sub-folders, also by way of links as Kubernetes mounts them, whose names can be part of a tag. */
function tagPartsIn(folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    throw error;
  }
  return entries
    .filter((entry) => isTagPart(entry.name) && (entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(folder, entry.name)))))
    .map((entry) => entry.name)
    .sort();
}

/** True for a folder name that can be the name or the version of a tag. */
export function isTagPart(text: string): boolean {
  if (/[A-Z]/.test(text)) return false;
  try {
    new Tag(text);
    return true;
  } catch {
    return false;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
