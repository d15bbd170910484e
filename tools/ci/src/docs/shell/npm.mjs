/** `npm install` in a block of code: whether each package is one of ours, or one that ours say they go with. Nothing is installed, and `npm init` has been there. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { publishedPackages, repository } from "../../repository.mjs";

const [command = "", ...parameters] = process.argv.slice(2);
if (command === "init") process.exit();
const names = parameters.filter((parameter) => !parameter.startsWith("-")).map((name) => name.replace(/(?<=.)@.*$/, ""));
if (!["install", "i"].includes(command) || names.length === 0) throw new Error(`"npm ${[command, ...parameters].join(" ")}" is not run here: say so above the block.`);
const known = new Set(publishedPackages.flatMap(namesIn));
const missing = names.filter((name) => !known.has(name));
if (missing.length > 0) throw new Error(`${missing.join(", ")} is no package of ours, and none of ours names it.`);

/** @param {string} folder */
function namesIn(folder) {
  const manifest = JSON.parse(readFileSync(join(repository, "packages", folder, "package.json"), "utf8"));
  return [manifest.name, ...Object.keys({ ...manifest.peerDependencies, ...manifest.dependencies })];
}
