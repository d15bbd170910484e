import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "./repository.mjs";
import { outputOf } from "./run-command.mjs";

/**
 * Names of the packages that changesets will release.
 *
 * @returns {Promise<Set<string>>}
 */
export async function pendingPackages() {
  const folder = join(repository, ".changeset");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".md") && file !== "README.md");
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  return new Set(texts.flatMap(packagesOf));
}

/**
 * @param {string} changeset
 * @returns {string[]}
 */
export function packagesOf(changeset) {
  const [, head = ""] = /^---\n(.*?)^---$/ms.exec(changeset) ?? [];
  return [...head.matchAll(/^["']?([^"':]+)["']?:/gm)].map(([, name]) => String(name));
}

/**
 * The package's API report as it was when its version was last changed; undefined when there was none, or there is no history to ask.
 *
 * @param {string} name Its folder in `packages`.
 * @returns {Promise<string | undefined>}
 */
export async function reportAtLastVersion(name) {
  try {
    const commit = await outputOf("git", ["log", "-1", "--format=%H", "-G", '^  "version":', "--", `packages/${name}/package.json`]);
    return commit === "" ? undefined : `${await outputOf("git", ["show", `${commit}:packages/${name}/api.md`])}\n`;
  } catch {
    return undefined;
  }
}
