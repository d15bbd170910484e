/** Starts workers of a stored model and prints, as JSON, the memory they take and how long a run of 32 rows takes. */
import { readFileSync } from "node:fs";
import { ModelStore, NdArray } from "bentoml-core";
import { get } from "bentoml-onnx";

const [root = "", tag = "", workers, shareWeights] = process.argv.slice(2);
const rows = NdArray.zeros("float32", [32, 784]);
const calls = 20;

const before = residentBytes();
const model = get(tag, { store: new ModelStore(root) });
const runner = model.toRunner({ workers: Number(workers), shareWeights: shareWeights === "true", intraOpNumThreads: 1, maxBatchSize: 32 });
await runner.init();
// Full batches at the same time, so that each worker runs some.
await Promise.all(Array.from({ length: 4 * Number(workers) }, () => runner.run(rows)));
let shortestMs = Infinity;
for (let call = 0; call < calls; call++) {
  const begun = performance.now();
  await runner.run(rows);
  shortestMs = Math.min(shortestMs, performance.now() - begun);
}
globalThis.gc?.();
console.log(JSON.stringify({ residentMegabytes: (residentBytes() - before) / 2 ** 20, shortestMs }));
await runner.destroy();

/** The proportional set size of this process. */
function residentBytes() {
  const [, kilobytes] = /^Pss:\s+(\d+)/m.exec(readFileSync("/proc/self/smaps_rollup", "utf8")) ?? [];
  return Number(kilobytes) * 1024;
}
