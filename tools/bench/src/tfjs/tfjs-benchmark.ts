import { rmSync } from "node:fs";
import { join } from "node:path";
import { batchedModels, callers } from "@bentoml-tools/ci/tfjs-batching";
import { MissingDependencyError, ModelStore, type RunnerOptions } from "bentoml-core";
import type { BackendName, TfjsRunner } from "bentoml-tfjs";
import { callsPerSecond } from "../closed-loop.js";
import { contest, type Contestant } from "../contest.js";
import { runExperiments, type BenchmarkOptions, type Experiment } from "../experiment.js";
import { resultsFolder } from "../results.js";

type BenchModel = Awaited<ReturnType<typeof batchedModels>>[number];

const backends: readonly BackendName[] = ["tensorflow", "wasm"];

/** Rows a second of one worker with batches beside one without, on each backend that is installed; tfjs-node is found by NODE_PATH too. */
export async function benchmarkTfjs(options: BenchmarkOptions): Promise<void> {
  const folder = join(resultsFolder, "tfjs-store");
  rmSync(folder, { recursive: true, force: true });
  const models = await batchedModels(new ModelStore(folder));
  const opens: (() => Promise<Experiment>)[] = [];
  for (const backend of backends) {
    if (await isInstalled(backend, models[0] as BenchModel)) opens.push(...models.map((model) => () => openRatio(backend, model)));
    else console.log(`The backend "${backend}" is not installed, and is left out.`);
  }
  await runExperiments("tfjs", opens, options);
}

async function isInstalled(backend: BackendName, { model }: BenchModel): Promise<boolean> {
  const runner = model.toRunner({ backend, workers: 1 });
  try {
    await runner.init();
    return true;
  } catch (error) {
    if (error instanceof MissingDependencyError) return false;
    throw error;
  } finally {
    await runner.destroy();
  }
}

async function openRatio(backend: BackendName, model: BenchModel): Promise<Experiment> {
  const contestant = (options: RunnerOptions): Contestant => {
    const runner: TfjsRunner = model.model.toRunner({ backend, workers: 1, ...options });
    const calls = Array.from({ length: callers }, () => () => runner.run(model.row));
    return { measure: (seconds) => callsPerSecond(calls, seconds), close: () => runner.destroy() };
  };
  const row = { name: `${model.name} on ${backend}, with batches beside none`, unit: "rows/s", kind: "ratio", target: { atLeast: 1.2 } } as const;
  return contest(row, contestant({}), contestant({ batchingStrategy: "off" }), { callers, workers: 1 });
}
