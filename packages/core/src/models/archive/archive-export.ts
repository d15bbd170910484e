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
import { checkedFormat, formatOfName, type ExportFormat } from "./archive-format.js";
import { packXz } from "./xz/index.js";

export interface ExportTarget {
  readonly file: string;
  readonly format: ExportFormat;
}

/**
 * Where an export goes: a folder (an existing one, or a path that ends with a slash) takes `<name>-<version>.<format>`; a
 * file's ending tells the format unless it is given; a file without a known ending becomes a `.bentomodel`.
 */
export function exportTarget(model: StoredModel, path: string, format?: string): ExportTarget {
  const given = format === undefined ? undefined : checkedFormat(format);
  if (path === "" || /[\\/]$/.test(path) || isFolder(path)) {
    const chosen = given ?? "bentomodel";
    return { file: resolve(path, `${model.tag.name}-${model.tag.version}.${chosen}`), format: chosen };
  }
  const named = formatOfName(path);
  const chosen = given ?? named ?? "bentomodel";
  return { file: resolve(given === undefined && named === undefined ? `${path}.bentomodel` : path), format: chosen };
}

/** Writes the archive beside its final place and renames it, so that a cut-off export leaves no half archive under its name. */
export async function writeArchive(model: StoredModel, target: ExportTarget): Promise<string> {
  const folder = dirname(target.file);
  await mkdir(folder, { recursive: true });
  const partial = join(folder, `.${basename(target.file)}.${randomBytes(4).toString("hex")}.part`);
  try {
    await writeTo(partial, model, target.format);
    await rename(partial, target.file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  syncFolder(folder);
  return target.file;
}

async function writeTo(file: string, model: StoredModel, format: ExportFormat): Promise<void> {
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
  return create(
    { cwd: model.path, portable: true, strict: true, noDirRecurse: true, linkCache: new ForgetfulMap() },
    members,
  ) as AsyncIterable<Uint8Array>;
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
