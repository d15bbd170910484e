/**
 * Measures the memory of 1 and 4 workers with a model of 80 MB, with and without `shareWeights`. By hand, on Linux.
 *
 *     node tools/ci/onnx-memory.mjs
 *
 * Each row is a process of its own. "resident" is its proportional set size (a page that n mappings share counts 1/n in each), less
 * that of the same process before the workers started; "32 rows" is the shortest of 20 runs of 32 rows on one thread, ms.
 */
import { join } from "node:path";
import { ModelStore } from "bentoml-core";
import { saveModel } from "bentoml-onnx";
import { repository } from "./src/repository.mjs";
import { outputOf } from "./src/run-command.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";

const writeModel = join(repository, "tools", "onnx-models", "src", "write-model.ts");
const measureWorkers = join(repository, "tools", "ci", "onnx-memory", "measure-workers.mjs");

const rows = [
  { tag: "inside:1", workers: 1, shareWeights: false },
  { tag: "inside:1", workers: 4, shareWeights: false },
  { tag: "apart:1", workers: 1, shareWeights: true },
  { tag: "apart:1", workers: 4, shareWeights: true },
];

await withTemporaryFolder(async (folder) => {
  const file = join(folder, "big.onnx");
  await outputOf(process.execPath, ["--import", "tsx", writeModel, "big-mlp", file]);
  const store = new ModelStore(join(folder, "store"));
  await saveModel("inside:1", file, { store });
  await saveModel("apart:1", file, { store, externalWeights: true });
  console.log("shareWeights  workers  resident, MB  32 rows, ms");
  for (const { tag, workers, shareWeights } of rows) {
    const text = await outputOf(process.execPath, ["--expose-gc", measureWorkers, store.root, tag, `${workers}`, `${shareWeights}`]);
    const { residentMegabytes, shortestMs } = JSON.parse(text);
    const cells = [`${shareWeights}`.padEnd(12), `${workers}`.padStart(7), residentMegabytes.toFixed(0).padStart(12), shortestMs.toFixed(1).padStart(11)];
    console.log(cells.join("  "));
  }
});
