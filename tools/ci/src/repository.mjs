import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root folder of the checkout. */
export const repository = fileURLToPath(new URL("../../..", import.meta.url)).replace(/[\\/]$/, "");

/** The published packages, each after those that it needs. */
export const publishedPackages = ["core", "onnx", "server", "cli", "adapter-testkit", "sharp-images", "danfo-dataframes", "triton-http", "tfjs", "create-adapter"];

/**
 * The script of a command that an installed package of the root brings, to be run by a Node.js of our choice.
 *
 * @param {string} name The package's, which is the command's too, but for a scope.
 * @returns {string}
 */
export function scriptOf(name) {
  const folder = join(repository, "node_modules", name);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[name.replace(/^@.*\//, "")]);
}

/**
 * The environment of this process with its own Node.js first on the path, so that whatever a command starts runs on that
 * version too.
 *
 * @param {NodeJS.ProcessEnv} [additions]
 * @returns {NodeJS.ProcessEnv}
 */
export function environment(additions = {}) {
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  return { ...process.env, PATH: path, NX_DAEMON: "false", ...additions };
}
