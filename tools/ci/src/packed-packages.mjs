import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "./repository.mjs";
import { outputOf } from "./run-command.mjs";

/** A class that the bundler has renamed, which users would see: `class _NdArray`. */
const renamedClass = /\bclass _\w+/;

/**
 * Packs packages that were built, and looks at what is in the tarballs.
 *
 * @param {readonly string[]} names Their folders in `packages`.
 * @param {string} folder Where the tarballs go.
 * @returns {Promise<Record<string, string>>} The tarball of each, by the package's name.
 * @throws When one lacks a file, or has one that users have no use for.
 */
export async function packPackages(names, folder) {
  const workspaces = names.flatMap((name) => ["--workspace", `packages/${name}`]);
  const json = await outputOf("npm", ["pack", "--json", "--pack-destination", folder, ...workspaces]);
  /** @type {{ name: string, filename: string, files: { path: string }[] }[]} */
  const results = JSON.parse(json);
  for (const name of names) {
    const manifest = JSON.parse(await readFile(join(repository, "packages", name, "package.json"), "utf8"));
    const packed = results.find((result) => result.name === manifest.name);
    checkContents(manifest, packed?.files.map(({ path }) => path) ?? []);
    await checkClassNames(join(repository, "packages", name, "dist"));
  }
  return Object.fromEntries(results.map(({ name, filename }) => [name, join(folder, filename)]));
}

/**
 * @param {{ name: string, bin?: Record<string, string>, exports: Record<string, { types: string, default: string }> }} manifest
 * @param {readonly string[]} files
 */
function checkContents({ name, bin = {}, exports: { ".": main } }, files) {
  const entries = [...Object.values(bin), ...(main === undefined ? [] : [main.types, main.default])].map((path) => path.replace("./", ""));
  const missing = ["LICENSE", "NOTICE", "README.md", ...entries].filter((file) => !files.includes(file));
  if (missing.length > 0) throw new Error(`The tarball of ${name} lacks ${missing.join(", ")}.`);
  const tests = files.filter((file) => /^(?!template).*\.test(-d)?\.ts$/.test(file));
  if (tests.length > 0) throw new Error(`The tarball of ${name} has tests in it: ${tests.join(", ")}.`);
}

/** @param {string} folder */
async function checkClassNames(folder) {
  for (const file of await readdir(folder)) {
    const [found] = file.endsWith(".js") ? (renamedClass.exec(await readFile(join(folder, file), "utf8")) ?? []) : [];
    if (found !== undefined) throw new Error(`${file} has "${found}": the build should restore the names of classes.`);
  }
}

/**
 * The parts of a package.json that make a project use our tarballs, also where our packages need each other: their versions are in no
 * registry yet.
 *
 * @param {Record<string, string>} tarballs By name.
 */
export function dependenciesOn(tarballs) {
  const ours = Object.fromEntries(Object.entries(tarballs).map(([name, path]) => [name, `file:${path}`]));
  return {
    dependencies: ours,
    overrides: Object.fromEntries(Object.keys(ours).map((name) => [name, `$${name}`])),
    pnpm: { overrides: ours },
  };
}
