import { randomBytes } from "node:crypto";
import { createWriteStream, statSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { create } from "tar";
import { syncFolder } from "../durable-files.js";
import { contentOf } from "../model-files.js";
import type { StoredModel } from "../stored-model.js";
import { checkedFormat, expectLocal, formatOfName, type ArchiveFormat, type ExportFormat } from "./archive-format.js";
import { copyToFolder } from "./folder-export.js";
import { packXz } from "./xz/index.js";

interface ExportTarget {
  readonly path: string;
  readonly format: ExportFormat;
}

/** Writes a model as an archive, or copies its folder, and answers the path of what was written. */
export async function exportModel(model: StoredModel, path: string, format: string | undefined): Promise<string> {
  expectLocal(path);
  const target = exportTarget(model, path, format);
  if (target.format === "folder") await copyToFolder(model.path, target.path);
  else await writeArchive(model, target.path, target.format);
  return target.path;
}

/**
 * Where an export goes: a folder (an existing one, or a path that ends with a slash) takes `<name>-<version>.<format>`, or
 * `<name>-<version>` for a copied folder; a file's ending tells the format unless it is given; a file without a known ending
 * becomes a `.bentomodel`.
 */
function exportTarget(model: StoredModel, path: string, format?: string): ExportTarget {
  const given = format === undefined ? undefined : checkedFormat(format);
  if (path === "" || /[\\/]$/.test(path) || isFolder(path)) {
    const chosen = given ?? "bentomodel";
    const ending = chosen === "folder" ? "" : `.${chosen}`;
    return { path: resolve(path, `${model.tag.name}-${model.tag.version}${ending}`), format: chosen };
  }
  const named = formatOfName(path);
  const chosen = given ?? named ?? "bentomodel";
  return { path: resolve(given === undefined && named === undefined ? `${path}.bentomodel` : path), format: chosen };
}

/** Writes the archive beside its final place and renames it, so that a cut-off export leaves no half archive under its name. */
async function writeArchive(model: StoredModel, path: string, format: ArchiveFormat): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const partial = join(folder, `.${basename(path)}.${randomBytes(4).toString("hex")}.part`);
  try {
    await writeTo(partial, model, format);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  syncFolder(folder);
}

async function writeTo(file: string, model: StoredModel, format: ArchiveFormat): Promise<void> {
  const tar = Readable.from(await tarOf(model), { objectMode: false });
  const output = createWriteStream(file, { flags: "wx" });
  if (format === "bentomodel") await pipeline(tar, packXz, output);
  else if (format === "tar.gz") await pipeline(tar, createGzip(), output);
  else await pipeline(tar, output);
  const written = await open(file, "r+");
  try {
    await written.sync();
  } finally {
    await written.close();
  }
}

/** Members are rooted at `./`, as the Python original writes them, in the order of their names. */
async function tarOf(model: StoredModel): Promise<AsyncIterable<Uint8Array>> {
  const { files, folders } = await contentOf(model.path);
  const members = [...folders, ...files].map((path) => `./${path}`);
  const pack = create({ cwd: model.path, portable: true, strict: true, noDirRecurse: true, linkCache: new ForgetfulMap() }, members);
  // When the model is deleted meanwhile, each of its files is an error. The first ends the export, and nobody hears the others.
  pack.on("error", () => undefined);
  return pack as AsyncIterable<Uint8Array>;
}

/** Hard-linked files of a model are packed as files, not as links, because an import refuses links. */
class ForgetfulMap<Key, Value> extends Map<Key, Value> {
  override set(): this {
    return this;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
