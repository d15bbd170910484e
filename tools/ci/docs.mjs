/**
 * Runs every block of code of the README, of docs and of the packages' READMEs, as it stands there: TypeScript is checked and run, commands
 * are run, configurations are read. Each is one test. The packages must have been built.
 *
 *     node tools/ci/docs.mjs [page…]
 */
import { join } from "node:path";
import { readPage } from "./src/docs/markdown-page.mjs";
import { PageRun, isChecked } from "./src/docs/page-run.mjs";
import { pagesWithCode } from "./src/docs/pages.mjs";
import { makeSampleProject, modelTypesOf } from "./src/docs/sample-project.mjs";
import { typeErrors } from "./src/docs/type-check.mjs";
import { StepReport } from "./src/step-report.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";

const chosen = process.argv.slice(2);
const pages = (chosen.length > 0 ? chosen : pagesWithCode).map(readPage).filter(({ blocks }) => blocks.length > 0);

const report = new StepReport();
await withTemporaryFolder(async (folder) => {
  const sample = join(folder, "sample");
  await makeSampleProject(sample);
  /** @type {PageRun[]} */
  const runs = [];
  for (const page of pages) runs.push(await PageRun.prepare(page, sample, join(folder, page.path.replace(/\W+/g, "-"))));
  const begun = performance.now();
  const wrongTypes = typeErrors(runs.flatMap(({ files }) => files), modelTypesOf(sample));
  console.log(`Types were checked in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
  for (const run of runs) await report.step(run.path, () => runPage(run, wrongTypes));
});
sayWhatIsNotRun();
report.end();

/**
 * @param {PageRun} run
 * @param {ReturnType<typeof typeErrors>} wrongTypes
 */
async function runPage(run, wrongTypes) {
  const counts = { passed: 0, failed: 0 };
  await run.runBlocks((block, error) => {
    const messages = wrongTypes.filter((wrong) => wrong.block === block).map(({ message }) => message);
    if (error !== undefined) messages.push(error instanceof Error ? error.message : String(error));
    if (messages.length > 0) counts.failed += 1;
    else if (isChecked(block)) counts.passed += 1;
    for (const message of messages) console.log(`${block.page}:${block.line} (${block.language}): ${message}`);
  });
  return counts;
}

function sayWhatIsNotRun() {
  const left = pages.flatMap(({ blocks }) => blocks).filter(({ markers }) => markers.notRun !== undefined);
  console.log(`\n${left.length} blocks are read and not run:`);
  for (const { page, line, markers } of left) console.log(`- ${page}:${line}: ${markers.notRun}`);
}
