/**
 * Makes the reference values of dataframes anew with real scikit-learn, pandas and pyarrow, and installs the packed package into
 * empty projects, with and without real danfo, to use it there. The packages must have been built.
 *
 *     node tools/ci/dataframes.mjs
 */
import { cp, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makePythonEnvironment } from "./src/python-environment.mjs";
import { repository } from "./src/repository.mjs";
import { outputOf } from "./src/run-command.mjs";
import { StepReport } from "./src/step-report.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";

const tool = join(repository, "tools", "dataframes");
const example = join(repository, "docs", "examples", "iris");
const fixture = join(repository, "tools", "ci", "danfo");
const packages = ["scikit-learn==1.9.1", "pandas==3.1.1", "numpy==2.4.6", "pyarrow==26.0.1", "onnx==1.20.1"];
const install = ["install", "--ignore-scripts", "--no-audit", "--no-fund"];

const report = new StepReport();
await withTemporaryFolder(async (folder) => {
  await checkReferences(folder);
  /** @type {Record<string, string>} */
  let tarballs = {};
  const packed = await report.step("pack", async () => {
    tarballs = await pack(folder);
    return 0;
  });
  if (!packed) return;
  for (const name of ["without-danfo", "with-danfo"]) {
    await report.step(`the packed package, ${name}`, async () => {
      const project = join(folder, name);
      await makeProject(project, tarballs, name === "with-danfo");
      await outputOf("npm", install, { folder: project });
      const variables = { BENTOML_HOME: join(project, "store") };
      console.log(await outputOf(process.execPath, ["--test", "--test-reporter=spec", `${name}.test.mjs`], { folder: project, variables, limitSeconds: 300 }));
      return 0;
    });
  }
});
report.end();

/** @param {string} folder */
async function checkReferences(folder) {
  let python = "";
  const installed = await report.step("scikit-learn, pandas and pyarrow are installed", async () => {
    python = await makePythonEnvironment(join(folder, "python"), packages);
    return 0;
  });
  if (!installed) return;
  await report.step("the reference values of dataframes are theirs", async () => {
    const made = join(folder, "references.json");
    await outputOf(python, [join(tool, "make-references.py"), made], { limitSeconds: 300 });
    compareNumbers(JSON.parse(await readFile(made, "utf8")), JSON.parse(await readFile(join(tool, "references.json"), "utf8")), "references");
    return 0;
  });
  await report.step("so are the iris data and their model", async () => {
    const made = join(folder, "iris");
    console.log(await outputOf(python, [join(tool, "make-iris.py"), made], { limitSeconds: 300 }));
    for (const name of await readdir(made)) {
      if (!(await readFile(join(made, name))).equals(await readFile(join(example, name)))) throw new Error(`${name} is not what ${packages.join(", ")} make.`);
    }
    return 0;
  });
  await report.step("pyarrow reads what toArrow writes", async () => {
    const file = join(folder, "frame.arrows");
    const { DataFrame } = await import("bentoml-danfo-dataframes");
    const { arrow } = JSON.parse(await readFile(join(tool, "references.json"), "utf8"));
    await writeFile(file, DataFrame.fromArrow(Buffer.from(arrow, "base64")).toArrow());
    const rows = await outputOf(python, [join(tool, "read-arrow.py"), file]);
    await writeFile(file, Buffer.from(arrow, "base64"));
    const original = await outputOf(python, [join(tool, "read-arrow.py"), file]);
    if (rows !== original) throw new Error(`pyarrow reads\n${rows}\ninstead of\n${original}`);
    return 0;
  });
}

/**
 * Numbers may differ in the last bits from one processor to another.
 *
 * @param {unknown} made
 * @param {unknown} kept
 * @param {string} path
 */
function compareNumbers(made, kept, path) {
  if (typeof made === "number" && typeof kept === "number") {
    if (Math.abs(made - kept) <= 1e-12 * Math.max(1, Math.abs(kept))) return;
  } else if (typeof made === "object" && typeof kept === "object" && made !== null && kept !== null) {
    const names = Object.keys(made);
    if (names.join() !== Object.keys(kept).join()) throw new Error(`${path} has the fields ${names.join(", ")}: run the script again, and keep what it makes.`);
    for (const name of names) compareNumbers(/** @type {Record<string, unknown>} */ (made)[name], /** @type {Record<string, unknown>} */ (kept)[name], `${path}.${name}`);
    return;
  } else if (made === kept) return;
  throw new Error(`${path} is ${JSON.stringify(kept)}, but ${packages.join(", ")} make ${JSON.stringify(made)}.`);
}

/**
 * @param {string} folder
 * @returns {Promise<Record<string, string>>} The tarball of each package, by name.
 */
async function pack(folder) {
  const workspaces = ["core", "danfo-dataframes"].flatMap((name) => ["--workspace", `packages/${name}`]);
  /** @type {{ name: string, filename: string }[]} */
  const results = JSON.parse(await outputOf("npm", ["pack", "--json", "--pack-destination", folder, ...workspaces]));
  return Object.fromEntries(results.map(({ name, filename }) => [name, `file:${join(folder, filename)}`]));
}

/**
 * A copy of the fixture; without danfo, an empty project.
 *
 * @param {string} project
 * @param {Record<string, string>} tarballs
 * @param {boolean} withDanfo
 */
async function makeProject(project, tarballs, withDanfo) {
  await cp(fixture, project, { recursive: true });
  const { dependencies, overrides, ...manifest } = JSON.parse(await readFile(join(project, "package.json"), "utf8"));
  const danfo = withDanfo ? { dependencies, overrides } : {};
  const made = { ...manifest, dependencies: { ...danfo.dependencies, ...tarballs }, ...(withDanfo ? { overrides: danfo.overrides } : {}) };
  await writeFile(join(project, "package.json"), JSON.stringify(made, undefined, 2));
}
