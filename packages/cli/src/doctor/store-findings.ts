import { accessSync, constants, existsSync, readdirSync, statSync, statfsSync } from "node:fs";
import { dirname, join } from "node:path";
import { resolveAdapter, type ModelStore, type StoredModel } from "bentoml-core";
import { errorLine } from "../error-line.js";
import { byteSize } from "../models/byte-size.js";
import { folderSize } from "../models/folder-size.js";
import type { Finding, FindingLevel } from "./finding.js";

/** Below this much room a model of today may not fit. */
const LEAST_ROOM_BYTES = 1024 ** 3;
/** Nobody needs that long to save a model. */
const OLD_SAVE_MS = 60 * 60 * 1000;

/** A folder of a model that cannot be used. */
export interface UnreadableModel {
  readonly tag: string;
  readonly folder: string;
  readonly error: unknown;
}

/** What lies in a store. */
export interface StoreContent {
  readonly models: readonly StoredModel[];
  readonly unreadable: readonly UnreadableModel[];
}

export function contentOfStore(store: ModelStore): StoreContent {
  const models: StoredModel[] = [];
  const unreadable: UnreadableModel[] = [];
  const root = join(store.root, "models");
  for (const name of foldersIn(root)) {
    for (const version of foldersIn(join(root, name))) {
      const tag = `${name}:${version}`;
      try {
        models.push(store.get(tag));
      } catch (error) {
        unreadable.push({ tag, folder: join(root, name, version), error });
      }
    }
  }
  return { models, unreadable };
}

/** What is looked at in a store. */
export interface StoreExamination {
  /** Where adapters are looked for. */
  readonly folders: { readonly projectFolder: string; readonly besideFolders: readonly string[] };
  /** Compare the files of all models with their checksums. */
  readonly verify: boolean;
}

/** Whether the store can be used, what lies in it, and whether its models can be opened. */
export async function storeFindings(store: ModelStore, { models, unreadable }: StoreContent, { folders, verify }: StoreExamination): Promise<Finding[]> {
  const { root } = store;
  if (!existsSync(root)) return [finding("ok", `${root} is not there yet; the first save makes it`), ...writeFindings(existingFolderAbove(root))];
  return [
    describeModels(root, models),
    ...writeFindings(root),
    ...unreadable.map(describeUnreadable),
    ...leftoverFindings(root),
    ...models.flatMap(({ info }) => {
      try {
        resolveAdapter(info, folders);
        return [];
      } catch (error) {
        return [finding("warning", `no adapter opens ${info.name}:${info.version}, whose module is ${info.module}`, installLine(errorLine(error)))];
      }
    }),
    ...(verify ? await changedModels(store, models) : []),
  ];
}

function describeModels(root: string, models: readonly StoredModel[]): Finding {
  const bytes = models.reduce((total, { path }) => total + folderSize(path), 0);
  return finding("ok", `${root}: ${String(models.length)} ${models.length === 1 ? "model" : "models"}, ${byteSize(bytes)}`);
}

function describeUnreadable({ tag, folder, error }: UnreadableModel): Finding {
  if (!existsSync(join(folder, "model.yaml"))) {
    return finding("warning", `${tag} has no model.yaml: a save by Python that goes on, or one that was broken off`, `If nothing is being saved: bentoml models delete ${tag}`);
  }
  return finding("error", `${tag} cannot be read: ${errorLine(error)}`, `Mend that, or save or import it again after: bentoml models delete ${tag}`);
}

function writeFindings(folder: string): Finding[] {
  const findings: Finding[] = [];
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    findings.push(finding("warning", `${folder} cannot be written to: models can be served, but not saved`, "To save models give this user the right to write there, or name another store with --store or $BENTOML_HOME."));
  }
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < LEAST_ROOM_BYTES) findings.push(finding("warning", `${byteSize(bavail * bsize)} are free on the disk of ${folder}`, "Make room: bentoml models list shows what takes it, bentoml models delete removes."));
  return findings;
}

/** Of saves that were killed. A running one is not told: it is young. */
function leftoverFindings(root: string): Finding[] {
  const parents = [join(root, "tmp"), join(root, "models", ".bentoml-js-tmp")];
  const old = parents.flatMap((parent) => foldersIn(parent).filter((name) => name.startsWith("bentoml-js-")).map((name) => join(parent, name))).filter(isOld);
  if (old.length === 0) return [];
  const bytes = old.reduce((total, path) => total + folderSize(path), 0);
  return [finding("warning", `${byteSize(bytes)} are left of ${String(old.length)} unfinished ${old.length === 1 ? "save" : "saves"} in ${dirname(old[0] as string)}`, "The next save or import removes them, at the latest when they are a day old.")];
}

async function changedModels(store: ModelStore, models: readonly StoredModel[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { tag } of models) {
    try {
      const { manifest, files } = await store.verify(tag);
      if (manifest === "matches") findings.push(finding("ok", `${tag.toString()}: ${String(files)} ${files === 1 ? "file is" : "files are"} as saved`));
      else findings.push(finding("ok", `${tag.toString()} has no checksums: Python saves none`));
    } catch (error) {
      findings.push(finding("error", errorLine(error), `Save or import it again after: bentoml models delete ${tag.toString()}`));
    }
  }
  return findings;
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map(({ name }) => name);
  } catch {
    return [];
  }
}

function isOld(path: string): boolean {
  const status = statSync(path, { throwIfNoEntry: false });
  return status !== undefined && Date.now() - status.mtimeMs > OLD_SAVE_MS;
}

function existingFolderAbove(path: string): string {
  return existsSync(path) ? path : existingFolderAbove(dirname(path));
}

/** The sentence of the error that says what to install. */
function installLine(message: string): string {
  return /Install one: [^ ]+ i [^.]+\./.exec(message)?.[0] ?? message;
}

function finding(level: FindingLevel, text: string, cure?: string): Finding {
  return { area: "store", level, text, ...(cure === undefined ? {} : { cure }) };
}
