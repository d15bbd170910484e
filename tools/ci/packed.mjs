/**
 * Packs the packages, installs the tarballs into empty projects with npm and with pnpm, and uses them there as a user
 * would: nothing is linked to the checkout. The packages must have been built.
 *
 *     node tools/ci/packed.mjs
 */
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkDigits, digitsModel } from "./src/digits.mjs";
import { dependenciesOn, packPackages } from "./src/packed-packages.mjs";
import { asModule, asScript, firstExample } from "./src/readme-example.mjs";
import { publishedPackages, repository } from "./src/repository.mjs";
import { outputOf } from "./src/run-command.mjs";
import { withServer } from "./src/started-server.mjs";
import { StepReport } from "./src/step-report.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";

const onnxruntime = "1.30.0";
const installers = [
  { name: "npm", command: "npm", parameters: ["install", "--ignore-scripts", "--no-audit", "--no-fund"] },
  { name: "pnpm", command: "npx", parameters: ["--yes", "pnpm@10", "install", "--ignore-scripts"] },
];

const report = new StepReport();
await withTemporaryFolder(async (folder) => {
  /** @type {Record<string, string>} */
  let tarballs = {};
  const packed = await report.step("pack", async () => {
    tarballs = await packPackages(publishedPackages, folder);
    return 0;
  });
  if (!packed) return;
  for (const installer of installers) await checkInstalled(installer, join(folder, installer.name), tarballs);
});
report.end();

/**
 * @param {(typeof installers)[number]} installer
 * @param {string} folder
 * @param {Record<string, string>} tarballs
 */
async function checkInstalled({ name, command, parameters }, folder, tarballs) {
  const where = { folder, variables: { BENTOML_HOME: join(folder, "store") } };
  const installed = await report.step(`install with ${name}`, async () => {
    await writeProject(folder, tarballs);
    await outputOf(command, parameters, where);
    await outputOf("npx", ["bentoml", "models", "import", "digits.onnx", "--name", "digits"], where);
    return 0;
  });
  if (!installed) return;
  const example = firstExample(await readFile(join(repository, "README.md"), "utf8"));
  await report.step(`README's example by import, ${name}`, () => runScript("example.mjs", asModule(example), where));
  await report.step(`README's example by require, ${name}`, () => runScript("example.cjs", asScript(example), where));
  await report.step(`npx bentoml serve, ${name}`, async () => {
    await withServer(["npx", "bentoml", "serve", "digits:latest", "--port", "0"], where, (url) => checkDigits(url, "digits"));
    return 0;
  });
}

/**
 * @param {string} folder
 * @param {Record<string, string>} tarballs
 */
async function writeProject(folder, tarballs) {
  const ours = dependenciesOn(tarballs);
  const manifest = { name: "a-project", private: true, ...ours, dependencies: { ...ours.dependencies, "onnxruntime-node": onnxruntime } };
  await mkdir(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest, undefined, 2));
  await copyFile(digitsModel, join(folder, "digits.onnx"));
}

/**
 * @param {string} file
 * @param {string} code
 * @param {{ folder: string, variables: NodeJS.ProcessEnv }} where
 */
async function runScript(file, code, where) {
  await writeFile(join(where.folder, file), code);
  console.log(await outputOf(process.execPath, [file], { ...where, limitSeconds: 120 }));
  return 0;
}
