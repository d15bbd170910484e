import { benchModel, freshStore, type BenchModel } from "../bench-models.js";
import type { Row } from "../comparison.js";
import { contest, type Contestant } from "../contest.js";
import { describeSettings, settingsOf, type EngineSettings } from "../engine.js";
import type { Experiment } from "../experiment.js";
import { fullBatches } from "../full-batches.js";
import { modelRunner, runnerContestant, type ModelRunner } from "../model-runner.js";
import { startRunnerServer } from "./runner-server-process.js";

const batchSize = 32;
/** Two batches: one that runs and one that waits. */
const callers = 2 * batchSize;

export type Place = "worker thread" | "worker process" | "runner server on a Unix socket";

/** Rows a second of the big model in such a place, by callers of one row each, against batches that are made in advance. */
export async function openPlaceThroughput(place: Place, target: Row["target"]): Promise<Experiment> {
  const model = benchModel("big");
  const store = await freshStore([model]);
  const inProcess = (isolation: "thread" | "process"): Promise<ModelRunner> => modelRunner(model, { store }, { isolation, maxBatchSize: batchSize }).init();
  let ours: Contestant;
  let settings: EngineSettings;
  if (place === "runner server on a Unix socket") {
    settings = await settingsOfThreads(inProcess);
    ours = await remoteContestant(model, modelRunner(model, { store }, {}));
  } else {
    const runner = await inProcess(place === "worker thread" ? "thread" : "process");
    settings = settingsOf(runner.facts);
    ours = runnerContestant(runner, model, callers);
  }
  const row: Row = { name: `80 MB model in a ${place}, ${callers} callers, against batches of ${batchSize}`, unit: "rows/s", kind: "ratio", target };
  return contest(row, ours, await fullBatches(model, batchSize, settings), { "80 MB model": describeSettings(settings) });
}

/** A server does not tell its own; with the same defaults on the same machine they are the same. */
async function settingsOfThreads(start: (isolation: "thread") => Promise<ModelRunner>): Promise<EngineSettings> {
  const runner = await start("thread");
  const settings = settingsOf(runner.facts);
  await runner.destroy();
  return settings;
}

async function remoteContestant(model: BenchModel, runner: ModelRunner): Promise<Contestant> {
  const server = await startRunnerServer(model, batchSize);
  await runner.initClient({ url: server.url, maxConnections: callers });
  const contestant = runnerContestant(runner, model, callers);
  return {
    measure: (seconds) => contestant.measure(seconds),
    async close() {
      await contestant.close();
      await server.close();
    },
  };
}
