import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "./repository.mjs";
import { outputOf } from "./run-command.mjs";

/** @typedef {"none" | "danfojs" | "danfojs-node"} Danfo */

const xlsx = { xlsx: "0.18.5" };

/** What a project needs beside our packages. xlsx is asked for outside of the registry; what danfo draws with is not used. */
const manifests = {
  none: {},
  danfojs: {
    dependencies: { danfojs: "1.2.0" },
    overrides: { ...xlsx, "plotly.js-dist-min": "file:./empty", "@tensorflow/tfjs": "npm:@tensorflow/tfjs-core@3.21.0" },
  },
  // The native part is not on the registry: whoever has built it puts it in the place of the empty package.
  "danfojs-node": { dependencies: { "danfojs-node": "1.2.0" }, overrides: { ...xlsx, "@tensorflow/tfjs-node": "file:./empty" } },
};

/**
 * @param {string} folder
 * @returns {Promise<Record<string, string>>} The tarball of each package that frames need, by name.
 */
export async function packFrames(folder) {
  const workspaces = ["core", "danfo-dataframes"].flatMap((name) => ["--workspace", `packages/${name}`]);
  /** @type {{ name: string, filename: string }[]} */
  const results = JSON.parse(await outputOf("npm", ["pack", "--json", "--pack-destination", folder, ...workspaces]));
  return Object.fromEntries(results.map(({ name, filename }) => [name, `file:${join(folder, filename)}`]));
}

/**
 * Installs the tarballs into a copy of tools/ci/danfo, with the danfo that is asked for.
 *
 * @param {string} project
 * @param {Record<string, string>} tarballs
 * @param {Danfo} danfo
 * @returns {Promise<string>} The project.
 */
export async function makeFramesProject(project, tarballs, danfo) {
  await cp(join(repository, "tools", "ci", "danfo"), project, { recursive: true });
  const manifest = JSON.parse(await readFile(join(project, "package.json"), "utf8"));
  const { dependencies = {}, overrides = {} } = /** @type {{ dependencies?: object, overrides?: object }} */ (manifests[danfo]);
  await writeFile(join(project, "package.json"), JSON.stringify({ ...manifest, dependencies: { ...dependencies, ...tarballs }, overrides }, undefined, 2));
  await outputOf("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { folder: project, limitSeconds: 300 });
  return project;
}

/**
 * @param {string} project
 * @param {Danfo} danfo
 * @returns {Promise<string>} What the tests wrote.
 */
export function testFramesProject(project, danfo) {
  const file = danfo === "none" ? "without-danfo.test.mjs" : "with-danfo.test.mjs";
  const variables = { BENTOML_HOME: join(project, "store"), DANFO: danfo };
  return outputOf(process.execPath, ["--test", "--test-reporter=spec", file], { folder: project, variables, limitSeconds: 300 });
}
