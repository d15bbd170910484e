/**
 * Runs the cases of ONNX's own backend tests by runners with workers: each that onnxruntime-node itself runs correctly must give
 * the same result, bit by bit.
 *
 *     node tools/ci/onnx-cases.mjs                         all of them, for some minutes
 *     node tools/ci/onnx-cases.mjs --sample 200 [--seed 1]  some, always the same for one seed
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ModelStore } from "bentoml-core";
import { CaseTable } from "./onnx-cases/case-table.mjs";
import { readCases } from "./onnx-cases/case-file.mjs";
import { runRaw } from "./onnx-cases/raw-engine.mjs";
import { checkRunner } from "./onnx-cases/runner-check.mjs";
import { sampleOf } from "./onnx-cases/sample.mjs";
import { makePythonEnvironment } from "./src/python-environment.mjs";
import { repository } from "./src/repository.mjs";
import { outputOf } from "./src/run-command.mjs";
import { StepReport } from "./src/step-report.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";

const script = join(repository, "tools", "ci", "onnx-cases", "read-cases.py");
const packages = ["onnx==1.19.1", "numpy==2.4.6"];

const { values } = parseArgs({
  options: {
    sample: { type: "string", default: "Infinity" },
    seed: { type: "string", default: "1" },
  },
});

const report = new StepReport();
await withTemporaryFolder(async (folder) => {
  const written = join(folder, "cases");
  const installed = await report.step("ONNX's cases are installed", async () => {
    const python = await makePythonEnvironment(join(folder, "python"), packages);
    await mkdir(written);
    console.log(await outputOf(python, [script, written], { limitSeconds: 300 }));
    return 0;
  });
  if (!installed) return;
  await report.step("runners give what the engine gives", async () => {
    const cases = await readCases(written);
    return runCases(sampleOf(cases, Number(values.sample), Number(values.seed)), new ModelStore(join(folder, "store")));
  });
});
report.end();

/**
 * @param {import("./onnx-cases/case-file.mjs").Case[]} cases
 * @param {ModelStore} store
 */
async function runCases(cases, store) {
  const table = new CaseTable();
  for (const [place, each] of cases.entries()) {
    try {
      const raw = await runRaw(each);
      await table.ours(each.name, () => checkRunner(each, raw, `case:${place}`, store));
    } catch (error) {
      table.notRun(each.name, error);
    }
  }
  console.log(table.text());
  return table.counts;
}
