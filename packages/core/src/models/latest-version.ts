import { rmSync, rmdirSync } from "node:fs";
import { basename, join } from "node:path";
import { Tag } from "../tag/index.js";
import { compareCreation } from "./creation-time.js";
import { replaceFile } from "./durable-files.js";
import type { StoredModel } from "./stored-model.js";
import { VersionAliases } from "./version-aliases.js";
import { readVersionFile } from "./version-file.js";

const LATEST_FILE = "latest";
/** More savers of one name at the same time than this may leave `latest` to the next save. */
const ATTEMPTS = 20;

/** The version that a name's `latest` file tells, `undefined` if there is none or it holds no version. */
export function readLatestFile(nameFolder: string): string | undefined {
  return readVersionFile(join(nameFolder, LATEST_FILE));
}

/** The model created last; of two created in the same microsecond the one whose version sorts last. */
export function newestOf(models: readonly StoredModel[]): StoredModel | undefined {
  return models.reduce<StoredModel | undefined>((newest, model) => {
    if (newest === undefined) return model;
    const order = compareCreation(model.info, newest.info) || Tag.compare(model.tag, newest.tag);
    return order > 0 ? model : newest;
  }, undefined);
}

/**
 * Makes the `latest` file name the newest model, and removes it with the folder when no model is left. It looks again
 * after each write: of several savers at the same time the last one to write has seen all of their models.
 */
export function refreshLatestFile(nameFolder: string, list: () => readonly StoredModel[], stagingFolder: string): void {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const newest = newestOf(list());
    if (newest === undefined) {
      removeNameFolder(nameFolder);
      return;
    }
    if (readLatestFile(nameFolder) === newest.tag.version) return;
    if (!writeOrRemove(join(nameFolder, LATEST_FILE), newest.tag.version, stagingFolder)) return;
  }
}

/**
 * On a full disk the file is removed instead: without it the newest model is found by its time. The model itself is in the
 * store by now, so nothing here may make the save fail.
 */
function writeOrRemove(file: string, version: string, stagingFolder: string): boolean {
  try {
    replaceFile(file, version, stagingFolder);
    return true;
  } catch (error) {
    removeStaleFile(file, error as Error);
    return false;
  }
}

function removeStaleFile(file: string, reason: Error): void {
  try {
    rmSync(file, { force: true });
  } catch {
    process.emitWarning(`${file} could not be written and may name an older model: ${reason.message}`, { type: "BentoMLWarning", code: "BENTOML_LATEST_NOT_WRITTEN" });
  }
}

function removeNameFolder(nameFolder: string): void {
  rmSync(join(nameFolder, LATEST_FILE), { force: true });
  new VersionAliases(basename(nameFolder), nameFolder).removeWithLastModel();
  try {
    rmdirSync(nameFolder);
  } catch {
    // Something lies in it: a model that is being saved, or a folder that is no model.
  }
}
