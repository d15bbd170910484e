import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { join, posix, relative, sep } from "node:path";
import { outputOf } from "./run-command.mjs";

/**
 * @typedef {object} TarballSize
 * @property {string} name
 * @property {number} packed In bytes.
 * @property {number} unpacked In bytes.
 * @property {number} files
 */

/** What a package may consist of, beside what npm always puts in. */
const folders = ["dist", "src", "template"];
const atTop = ["LICENSE", "NOTICE", "README.md", "package.json"];
/** Beside the code there are files that only its tests use. A template is as it is wanted. */
const forTests = /^(?!template\/).*(\.(test|test-d|testing|fixture)\.ts$|\/testing\/|\.tsbuildinfo$|\/node_modules\/)/;

/**
 * Fetches a published tarball as npm does, and looks at what it holds.
 *
 * @param {import("./local-registry.mjs").PublishedManifest} manifest
 * @param {string} folder Where it is unpacked, in a folder of its own.
 * @returns {Promise<TarballSize>}
 * @throws When a file is missing, or there is one that users have no use for.
 */
export async function checkTarball(manifest, folder) {
  const { name, dist } = manifest;
  const response = await fetch(dist.tarball);
  if (response.status !== 200) throw new Error(`${dist.tarball} was answered with ${response.status}.`);
  const home = join(folder, name);
  await mkdir(home, { recursive: true });
  const bytes = Buffer.from(await response.arrayBuffer());
  await writeFile(join(home, "package.tgz"), bytes);
  await outputOf("tar", ["-xzf", "package.tgz"], { folder: home });
  const root = join(home, "package");
  const files = await filesIn(root);
  checkFiles(name, files, pathsOf(JSON.parse(await readFile(join(root, "package.json"), "utf8"))));
  await checkSourceMaps(name, root, files);
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(root, file))).size));
  return { name, packed: bytes.length, unpacked: sizes.reduce((sum, size) => sum + size, 0), files: files.length };
}

/**
 * @param {string} root
 * @returns {Promise<string[]>}
 */
async function filesIn(root) {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll(sep, "/"));
}

/**
 * @param {string} name
 * @param {readonly string[]} files
 * @param {readonly string[]} entries Those that the manifest names.
 */
export function checkFiles(name, files, entries) {
  const missing = [...atTop, ...entries].filter((file) => !files.includes(file));
  if (missing.length > 0) throw new Error(`The tarball of ${name} lacks ${missing.join(", ")}.`);
  const needless = files.filter((file) => forTests.test(file) || !(atTop.includes(file) || folders.some((folder) => file.startsWith(`${folder}/`))));
  if (needless.length > 0) throw new Error(`The tarball of ${name} has files that nobody needs: ${needless.join(", ")}. See "files" in its package.json.`);
}

/**
 * The files that a manifest names in "exports" and "bin".
 *
 * @param {{ bin?: Record<string, string>, exports?: unknown }} manifest
 * @returns {string[]}
 */
export function pathsOf({ bin = {}, exports = {} }) {
  return [...Object.values(bin), ...leavesOf(exports)].map((path) => posix.normalize(path));
}

/**
 * @param {unknown} value
 * @returns {string[]}
 */
function leavesOf(value) {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(leavesOf) : [];
}

/**
 * A stack of a user's names a source file: it has to be there, once.
 *
 * @param {string} name
 * @param {string} root
 * @param {readonly string[]} files
 */
async function checkSourceMaps(name, root, files) {
  for (const file of files.filter((path) => path.endsWith(".js.map"))) {
    const { sources, sourcesContent } = /** @type {{ sources: string[], sourcesContent?: string[] }} */ (JSON.parse(await readFile(join(root, file), "utf8")));
    const missing = sources.map((source) => posix.join(posix.dirname(file), source)).filter((source) => !files.includes(source));
    if (missing.length > 0) throw new Error(`${file} of ${name} names ${missing.join(", ")}, which the tarball lacks. Was it built after the last change?`);
    if (sourcesContent !== undefined) throw new Error(`${file} of ${name} has the sources in it, which the tarball has already.`);
  }
}

/**
 * @param {readonly TarballSize[]} sizes
 * @returns {string} A table, with the sizes in KiB.
 */
export function sizeTable(sizes) {
  const total = sizes.reduce((sum, { packed, unpacked, files }) => ({ name: "all", packed: sum.packed + packed, unpacked: sum.unpacked + unpacked, files: sum.files + files }));
  const rows = [...sizes, total].map(({ name, packed, unpacked, files }) => [name, kibibytes(packed), kibibytes(unpacked), `${files}`]);
  return [["package", "packed KiB", "unpacked KiB", "files"], ...rows].map(([name = "", ...cells]) => [name.padEnd(26), ...cells.map((cell) => cell.padStart(12))].join("  ")).join("\n");
}

/** @param {number} bytes */
function kibibytes(bytes) {
  return (bytes / 1024).toFixed(1);
}
