import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { BatchEvent, RunnerOptions } from "bentoml-core";
import { benchModel, freshStore, type BenchModel } from "../bench-models.js";
import { callsPerSecond } from "../closed-loop.js";
import { contest, type Contestant } from "../contest.js";
import { describeSettings, settingsOf } from "../engine.js";
import type { Experiment } from "../experiment.js";
import { callersOf, modelRunner, type ModelRunner } from "../model-runner.js";

const callers = 16;

/** Items in a batch of the big model, by sixteen callers in a closed loop in the thread of the batcher. */
export async function openMeanBatch(): Promise<Experiment> {
  const model = benchModel("big");
  const store = await freshStore([model]);
  const start = (options: RunnerOptions): Promise<ModelRunner> => modelRunner(model, { store }, options).init();
  const adaptive = await start({ name: "adaptive" });
  // Beside it, since it is what every batch would have without any waiting.
  const never = await start({ name: "never", batchingStrategy: "fixed", maxQueueDelayMs: 0 });
  return contest(
    { name: `80 MB model, ${callers} callers: mean batch, and that of never waiting`, unit: "items", kind: "ours", target: { atLeast: 12 } },
    meanBatch(adaptive, model),
    meanBatch(never, model),
    { "80 MB model": describeSettings(settingsOf(adaptive.facts)) },
  );
}

function meanBatch(runner: ModelRunner, model: BenchModel): Contestant {
  const calls = callersOf(runner, model, callers);
  return {
    async measure(seconds) {
      let batches = 0;
      let items = 0;
      const count = (message: unknown): void => {
        const event = message as BatchEvent;
        if (event.runner !== runner.name) return;
        batches++;
        items += event.items;
      };
      subscribe("bentoml:batch", count);
      await callsPerSecond(calls, seconds);
      unsubscribe("bentoml:batch", count);
      return items / batches;
    },
    close: () => runner.destroy(),
  };
}
