/**
 * Makes an adapter with the generator as it is packed, tests, packs and installs what it wrote, and serves a model of it: the way of
 * somebody who adds a framework. Then tests the one that the documentation walks through. The packages must have been built.
 *
 *     node tools/ci/create-adapter.mjs
 */
import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { dependenciesOn, packPackages } from "./src/packed-packages.mjs";
import { asModule, firstExample } from "./src/readme-example.mjs";
import { repository } from "./src/repository.mjs";
import { outputOf } from "./src/run-command.mjs";
import { checkScores } from "./src/served-scores.mjs";
import { withServer } from "./src/started-server.mjs";
import { StepReport } from "./src/step-report.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";

const adapterName = "bentoml-my-framework";
const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund"];

const report = new StepReport();
await withTemporaryFolder(async (folder) => {
  const adapter = join(folder, adapterName);
  const user = join(folder, "user");
  /** @type {Record<string, string>} */
  let tarballs = {};
  const isWritten = await report.step("the generator writes a package", async () => {
    tarballs = await packPackages(["core", "server", "cli", "adapter-testkit", "create-adapter"], folder);
    await generate(folder, tarballs);
    return 0;
  });
  if (!isWritten) return;
  await report.step("its tests pass, and publint finds nothing", async () => {
    await useTarballs(adapter, tarballs);
    await outputOf("npm", install, { folder: adapter });
    await outputOf("npm", ["test"], { folder: adapter });
    await outputOf("npm", ["run", "check-package"], { folder: adapter });
    return 0;
  });
  await report.step("it packs, and its README's example runs where it is installed", async () => {
    await outputOf("npm", ["pack", "--pack-destination", folder], { folder: adapter });
    const [packed] = (await readdir(folder)).filter((file) => file.startsWith(`${adapterName}-`) && file.endsWith(".tgz"));
    await mkdir(user);
    await writeProject(user, { ...tarballs, [adapterName]: join(folder, String(packed)) });
    await outputOf("npm", install, { folder: user });
    await writeFile(join(user, "example.mjs"), asModule(firstExample(await readFile(join(adapter, "README.md"), "utf8"))));
    console.log(await outputOf(process.execPath, ["example.mjs"], where(user)));
    return 0;
  });
  await report.step("bentoml serve serves its models", async () => {
    await withServer(["npx", "bentoml", "serve", "scores:latest", "--port", "0"], where(user), checkScores);
    return 0;
  });
  await report.step("the adapter of docs/write-an-adapter.md keeps the contract outside of the workspace", async () => {
    const example = join(folder, "example");
    await cp(join(repository, "docs", "examples", "community-adapter"), example, { recursive: true });
    await useTarballs(example, tarballs);
    await outputOf("npm", install, { folder: example });
    await outputOf("npm", ["test"], { folder: example });
    return 0;
  });
});
report.end();

/** @param {string} folder */
function where(folder) {
  return { folder, variables: { BENTOML_HOME: join(folder, "store") } };
}

/**
 * @param {string} folder
 * @param {Record<string, string>} tarballs
 */
async function generate(folder, tarballs) {
  const name = "create-bentoml-adapter";
  const home = join(folder, "generator");
  await mkdir(home);
  await writeProject(home, { [name]: String(tarballs[name]) });
  await outputOf("npm", install, { folder: home });
  await outputOf("npx", [name, "my-framework", "--yes", "--folder", join(folder, adapterName)], { folder: home });
}

/**
 * @param {string} folder
 * @param {Record<string, string>} tarballs
 */
async function writeProject(folder, tarballs) {
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "a-project", private: true, ...dependenciesOn(tarballs) }));
}

/**
 * The generated package as it stands, but for where its dependencies of ours come from.
 *
 * @param {string} adapter
 * @param {Record<string, string>} tarballs
 */
async function useTarballs(adapter, tarballs) {
  const path = join(adapter, "package.json");
  const manifest = JSON.parse(await readFile(path, "utf8"));
  for (const name of ["bentoml-core", "bentoml-adapter-testkit"]) manifest.devDependencies[name] = `file:${tarballs[name]}`;
  manifest.overrides = { "bentoml-core": "$bentoml-core" };
  await writeFile(path, JSON.stringify(manifest, undefined, 2));
}
