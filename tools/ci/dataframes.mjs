/**
 * Makes the reference values of dataframes anew with real scikit-learn, pandas and pyarrow, and installs the packed package into
 * empty projects, with real danfojs and without, to use it there; tfjs.mjs does so with danfojs-node. The packages must have been built.
 *
 *     node tools/ci/dataframes.mjs
 */
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFramesProject, packFrames, testFramesProject } from "./src/frames-project.mjs";
import { makePythonEnvironment } from "./src/python-environment.mjs";
import { repository } from "./src/repository.mjs";
import { outputOf } from "./src/run-command.mjs";
import { StepReport } from "./src/step-report.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";

const tool = join(repository, "tools", "dataframes");
const example = join(repository, "docs", "examples", "iris");
const packages = ["scikit-learn==1.9.1", "pandas==3.1.1", "numpy==2.4.6", "pyarrow==26.0.1", "onnx==1.20.1"];

const report = new StepReport();
await withTemporaryFolder(async (folder) => {
  await checkReferences(folder);
  /** @type {Record<string, string>} */
  let tarballs = {};
  const packed = await report.step("pack", async () => {
    tarballs = await packFrames(folder);
    return 0;
  });
  if (!packed) return;
  for (const danfo of /** @type {const} */ (["none", "danfojs"])) {
    await report.step(`the packed package, with ${danfo === "none" ? "no danfo" : danfo}`, async () => {
      const project = await makeFramesProject(join(folder, danfo), tarballs, danfo);
      console.log(await testFramesProject(project, danfo));
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
