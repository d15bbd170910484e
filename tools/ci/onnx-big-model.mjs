/**
 * Saves, opens and runs a model with 2.7 GB of external weights, which is made by a script. By hand: it writes twice that to the
 * disk.
 *
 *     node tools/ci/onnx-big-model.mjs
 */
import { strict as assert } from "node:assert";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ModelStore, NdArray } from "bentoml-core";
import { get, saveModel } from "bentoml-onnx";
import { repository } from "./src/repository.mjs";
import { outputOf } from "./src/run-command.mjs";
import { StepReport } from "./src/step-report.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";

const writeBigTable = join(repository, "tools", "onnx-models", "src", "write-big-table.ts");
const [rows, columns] = [655_360, 1_024];
/** Rows that are not zeros: the last one lies beyond 2 GB. */
const ids = [1, 300_000, rows - 1];

const report = new StepReport();
await withTemporaryFolder(async (folder) => {
  const made = join(folder, "made");
  const store = new ModelStore(join(folder, "store"));
  await report.step(`a model of ${inGigabytes(rows * columns * 4)} is written`, async () => {
    await mkdir(made);
    await outputOf(process.execPath, ["--import", "tsx", writeBigTable, made, ...[rows, columns, ...ids].map(String)]);
    return 0;
  });
  await report.step("it is saved", async () => {
    await saveModel("big:1", join(made, "model.onnx"), { store });
    return printMemory();
  });
  await report.step("a runner gives its rows", async () => {
    const runner = get("big:1", { store }).toRunner({ workers: 2 });
    await runner.init();
    const asked = [...ids, 0];
    const results = await Promise.all(asked.map((id) => /** @type {Promise<NdArray>} */ (runner.run(NdArray.from([id], "int64")))));
    for (const [place, id] of asked.entries()) {
      const numbers = /** @type {Float32Array} */ (results[place]?.data);
      assert.equal(numbers.length, columns);
      assert(numbers.every((number) => number === id), `Row ${id} has other numbers: ${numbers.slice(0, 4).join(", ")}, …`);
    }
    await runner.destroy();
    return printMemory();
  });
});
report.end();

/** Prints the most memory that this process had at once: pages of files count, whoever else uses them. */
async function printMemory() {
  const [, kilobytes] = /^VmHWM:\s+(\d+)/m.exec(await readFile("/proc/self/status", "utf8")) ?? [];
  console.log(`at most ${inGigabytes(Number(kilobytes) * 1024)} resident until here`);
  return 0;
}

/** @param {number} bytes */
function inGigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
