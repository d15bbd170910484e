import { benchModel, freshStore, type BenchModel } from "../bench-models.js";
import type { Row } from "../comparison.js";
import { contest, type Contestant } from "../contest.js";
import { describeSettings, settingsOf, type EngineSettings } from "../engine.js";
import type { Experiment } from "../experiment.js";
import { fullBatches } from "../full-batches.js";
import { modelRunner, runnerContestant, type ModelRunner } from "../model-runner.js";
import { startRunnerServer } from "./runner-server-process.js";

/** Of the batches that are made in advance. */
const offlineBatch = 32;
const defaultCallers = 64;
/** V8 compiles what runs often, in threads that want the cores of the engine: until then a server's code, called some dozen times a second, is slow. */
const warmUpSeconds = 20;

export type Place = "worker thread" | "worker process" | "runner server on a Unix socket";

export interface PlaceThroughput {
  readonly place: Place;
  readonly target: Row["target"];
  /** Default: what a runner does if nobody says anything, so that it may join all who call. */
  readonly maxBatchSize?: number;
  /** Default 64. */
  readonly callers?: number;
}

/** Rows a second of the big model in such a place, by callers of one row each, against batches that are made in advance. */
export async function openPlaceThroughput({ place, target, maxBatchSize, callers = defaultCallers }: PlaceThroughput): Promise<Experiment> {
  const model = benchModel("big");
  const store = await freshStore([model]);
  const sizes = maxBatchSize === undefined ? {} : { maxBatchSize };
  const inProcess = (isolation: "thread" | "process"): Promise<ModelRunner> => modelRunner(model, { store }, { isolation, ...sizes }).init();
  let ours: Contestant;
  let settings: EngineSettings;
  if (place === "runner server on a Unix socket") {
    settings = await settingsOfThreads(inProcess);
    ours = await remoteContestant(model, modelRunner(model, { store }, {}), callers, maxBatchSize);
  } else {
    const runner = await inProcess(place === "worker thread" ? "thread" : "process");
    settings = settingsOf(runner.facts);
    ours = runnerContestant(runner, model, callers);
  }
  const limit = maxBatchSize === undefined ? "" : `, at most ${maxBatchSize} in a batch`;
  const row: Row = { name: `80 MB model in a ${place}, ${callers} callers${limit}, against batches of ${offlineBatch}`, unit: "rows/s", kind: "ratio", target };
  return contest(row, ours, await fullBatches(model, offlineBatch, settings), { "80 MB model": describeSettings(settings), "warm-up seconds": warmUpSeconds }, warmUpSeconds);
}

/** A server does not tell its own; with the same defaults on the same machine they are the same. */
async function settingsOfThreads(start: (isolation: "thread") => Promise<ModelRunner>): Promise<EngineSettings> {
  const runner = await start("thread");
  const settings = settingsOf(runner.facts);
  await runner.destroy();
  return settings;
}

async function remoteContestant(model: BenchModel, runner: ModelRunner, callers: number, maxBatchSize: number | undefined): Promise<Contestant> {
  const server = await startRunnerServer(model, maxBatchSize);
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
