import { benchModel, freshStore } from "../bench-models.js";
import type { Row } from "../comparison.js";
import { contest } from "../contest.js";
import { describeSettings, settingsOf } from "../engine.js";
import type { Experiment } from "../experiment.js";
import { fullBatches } from "../full-batches.js";
import { modelRunner, runnerContestant } from "../model-runner.js";

const callers = 64;

/** The batches of a runner, and what they are measured against. */
export interface BatchThroughputOptions {
  readonly isolation: "thread" | "process";
  /** The bare engine in this process, fed with full batches; or the same runner with its worker in a thread. */
  readonly against: "engine" | "threads";
  readonly target: Row["target"];
}

/** Rows a second of the big model: 64 callers of one row each, in a closed loop. */
export async function openBatchThroughput({ isolation, against, target }: BatchThroughputOptions): Promise<Experiment> {
  const model = benchModel("big");
  const store = await freshStore([model]);
  const runner = await modelRunner(model, { store }, { isolation }).init();
  const settings = settingsOf(runner.facts);
  const other =
    against === "engine"
      ? await fullBatches(model, callers, settings)
      : runnerContestant(await modelRunner(model, { store }, { isolation: "thread" }).init(), model, callers);
  const where = isolation === "thread" ? "" : " in a process";
  const name = `80 MB model${where}, 64 callers, against ${against === "engine" ? "full batches" : "a thread"}`;
  return contest({ name, unit: "rows/s", kind: "ratio", target }, runnerContestant(runner, model, callers), other, { "80 MB model": describeSettings(settings) });
}
