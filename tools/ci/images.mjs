/**
 * Makes the reference values of images anew with real Pillow, NumPy and LittleCMS, and compares them with those that the tests use.
 *
 *     node tools/ci/images.mjs
 */
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { makePythonEnvironment } from "./src/python-environment.mjs";
import { repository } from "./src/repository.mjs";
import { outputOf } from "./src/run-command.mjs";
import { StepReport } from "./src/step-report.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";

const tool = join(repository, "tools", "images");
const packages = ["pillow==13.0.0", "numpy==2.4.6"];

const report = new StepReport();
await withTemporaryFolder(async (folder) => {
  let python = "";
  const installed = await report.step("Pillow is installed", async () => {
    python = await makePythonEnvironment(join(folder, "python"), packages);
    return 0;
  });
  if (!installed) return;
  await report.step("the reference values of images are Pillow's", async () => {
    const made = join(folder, "references");
    await outputOf(python, [join(tool, "make-references.py"), made], { limitSeconds: 300 });
    console.log(`${await compare(made, join(tool, "references"))} files are the same, byte for byte.`);
    return 0;
  });
});
report.end();

/**
 * @param {string} made
 * @param {string} kept
 * @returns {Promise<number>} How many files there are.
 */
async function compare(made, kept) {
  const names = (await readdir(made)).sort();
  const others = (await readdir(kept)).sort();
  if (names.join() !== others.join()) throw new Error(`The script makes ${names.length} files, and there are ${others.length}: run it again, and keep what it makes.`);
  for (const name of names) {
    const same = (await readFile(join(made, name))).equals(await readFile(join(kept, name)));
    if (!same) throw new Error(`${name} is not what ${packages.join(" and ")} make of it.`);
  }
  return names.length;
}
