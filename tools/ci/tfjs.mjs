/**
 * Runs the tests of bentoml-tfjs on TensorFlow's native library as well, which it builds tfjs-node against in a temporary folder, with
 * SavedModels made by Python's TensorFlow; then those of frames of danfojs-node, which needs that library, those of bentoml-tfjs
 * again on Node.js 24, and the worth of batching. What the tests import must have been built. Needs g++, and a Python of version 3.9 to 3.11.
 *
 *     node tools/ci/tfjs.mjs
 */
import { mkdir, rm, symlink } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { makeFramesProject, packFrames, testFramesProject } from "./src/frames-project.mjs";
import { makePythonEnvironment } from "./src/python-environment.mjs";
import { repository } from "./src/repository.mjs";
import { outputOf } from "./src/run-command.mjs";
import { StepReport } from "./src/step-report.mjs";
import { withTemporaryFolder } from "./src/temporary-folder.mjs";
import { runVitest } from "./src/vitest-step.mjs";
import { buildTfjsNode, tensorflowVersion } from "./tfjs-node/build-tfjs-node.mjs";
import { batchingRatios } from "./tfjs-node/batching-ratios.mjs";

const packages = [`tensorflow-cpu==${tensorflowVersion}`, "numpy==1.26.4"];
const nodePackage = `node-${process.platform}-${process.arch}`;

const report = new StepReport();
await withTemporaryFolder(async (folder) => {
  const built = await report.step("tfjs-node is built against Python's TensorFlow", async () => {
    const python = await makePythonEnvironment(join(folder, "python"), packages);
    const savedModels = join(folder, "saved-models");
    await mkdir(savedModels);
    await outputOf(python, [join(repository, "tools", "ci", "tfjs-node", "make-saved-models.py"), savedModels], { limitSeconds: 300 });
    await mkdir(join(folder, "native"));
    const modules = await buildTfjsNode(join(folder, "native"), python);
    Object.assign(process.env, {
      NODE_PATH: [modules, process.env["NODE_PATH"]].filter(Boolean).join(delimiter),
      BENTOML_TFJS_NATIVE: "1",
      BENTOML_TFJS_SAVED_MODELS: savedModels,
      TF_CPP_MIN_LOG_LEVEL: "2",
    });
    return 0;
  });
  if (!built) return;
  await report.step("unit tests of bentoml-tfjs on every backend", () => runVitest("vitest.config.ts", ["packages/tfjs"]));
  await report.step("end-to-end tests of bentoml-tfjs on every backend", () => runVitest("vitest.e2e.config.ts", ["tools/e2e/src/tfjs-"]));
  await report.step("frames of danfojs-node, which is made on it", async () => {
    const project = await makeFramesProject(join(folder, "frames"), await packFrames(folder), "danfojs-node");
    const native = join(project, "node_modules", "@tensorflow", "tfjs-node");
    await rm(native, { recursive: true });
    await symlink(join(folder, "native", "node_modules", "@tensorflow", "tfjs-node"), native);
    console.log(await testFramesProject(project, "danfojs-node"));
    return 0;
  });
  const node24 = join(folder, "node_modules", nodePackage, "bin", "node");
  await report.step("unit tests of bentoml-tfjs on Node.js 24", async () => {
    await outputOf("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder, `${nodePackage}@24`], { folder });
    console.log(await outputOf(node24, ["--version"]));
    return runVitest("vitest.config.ts", ["packages/tfjs"], node24);
  });
  await report.step("end-to-end tests of bentoml-tfjs on Node.js 24", () => runVitest("vitest.e2e.config.ts", ["tools/e2e/src/tfjs-"], node24));
  await report.step("batching pays on TensorFlow's library and on WebAssembly", async () => {
    const ratios = await batchingRatios(["tensorflow", "wasm"], join(folder, "store"));
    for (const { model, backend, batched, unbatched, ratio } of ratios) {
      console.log(`${model} on ${backend}: ${batched} rows/s with batches, ${unbatched} without, ratio ${ratio}`);
    }
    const failed = ratios.filter(({ ratio }) => ratio <= 1).length;
    return { passed: ratios.length - failed, failed };
  });
});
report.end();
