import { mkdir } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { outputOf } from "./run-command.mjs";

/**
 * The newest Node.js of a line: this process's own where it is of that line, otherwise one that is installed.
 *
 * @param {number} major
 * @param {string} folder Where it is installed, in a folder of its own.
 * @returns {Promise<string>} Path of the binary.
 */
export async function installNode(major, folder) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  // The package of one platform: the package "node" has no binary where scripts are off.
  const name = `node-${process.platform}-${process.arch}`;
  const home = join(folder, `node-${major}`);
  await mkdir(home, { recursive: true });
  await outputOf("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", home, `${name}@${major}`], { folder: home });
  return join(home, "node_modules", name, "bin", "node");
}

/**
 * Variables that make commands run on that Node.js, npm and npx among them.
 *
 * @param {string} node
 * @param {NodeJS.ProcessEnv} variables
 * @returns {NodeJS.ProcessEnv}
 */
export function onNode(node, variables) {
  return { ...variables, PATH: [dirname(node), process.env["PATH"]].join(delimiter) };
}
