import { readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { publishedPackages, repository } from "../repository.mjs";

/** The pages whose code is run: the README, those of the packages, and all in docs. */
export const pagesWithCode = ["README.md", ...publishedPackages.map((name) => `packages/${name}/README.md`), ...pagesBelow("docs")];

/** The pages whose links are looked at. */
export const pagesWithLinks = [...pagesWithCode, "CONTRIBUTING.md", "SECURITY.md"];

/**
 * @param {string} folder
 * @returns {string[]} In alphabetical order.
 */
function pagesBelow(folder) {
  const names = readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" });
  const isPage = (/** @type {string} */ name) => name.endsWith(".md") && !name.split(sep).includes("node_modules");
  return names
    .filter(isPage)
    .map((name) => [folder, ...name.split(sep)].join("/"))
    .sort();
}
