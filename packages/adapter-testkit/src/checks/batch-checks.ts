import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { BatchEvent } from "bentoml-core";
import type { Check } from "../check.js";
import { broken, holds, shown } from "../contract-error.js";
import { workerThreads } from "../place.js";
import type { SampleCall, SampleModel } from "../sample-model.js";
import { methodOf, type Workshop } from "../workshop.js";
import { checkAnswer } from "./run-checks.js";

/** Calls that are joined. */
export const batchChecks: readonly Check[] = [
  { law: "calls that share a batch get the answers that they get alone", needs: ["batching", "workers"], run: sharedBatches },
];

/** Calls made at the same time; more than a few, so that a batch is joined from many and cut into many. */
const CONCURRENT_CALLS = 24;

async function sharedBatches(workshop: Workshop): Promise<void> {
  let joined = 0;
  for (const sample of workshop.options.models) {
    const model = await workshop.saved(sample);
    const runner = workshop.runner(model, sample);
    if (methodOf(runner, sample).config.batchable) {
      await workerThreads.start(runner);
      joined += await mostJoined(runner.name, () => callTogether(sample, (call) => methodOf(runner, sample)(...call.args())));
    }
    await runner.destroy();
  }
  holds(joined > 1, "No two calls shared a batch: give a sample whose signature is batchable, or say in leftOut.batching why calls cannot be joined.");
}

/** All calls of a sample in turns, at once; each must get its own answer. */
async function callTogether(sample: SampleModel, make: (call: SampleCall) => Promise<unknown>): Promise<void> {
  const calls = Array.from({ length: CONCURRENT_CALLS }, (_, index) => sample.calls[index % sample.calls.length] as SampleCall);
  const answers = await Promise.allSettled(calls.map(make));
  for (const [index, answer] of answers.entries()) {
    if (answer.status === "rejected") {
      broken(`A call of "${sample.name}" failed in a batch with others, but not alone: answer one row for each row, in order. It rejected with ${shown(answer.reason)}`, answer.reason);
    }
    checkAnswer(answer.value, sample, calls[index] as SampleCall, "in a batch with other calls");
  }
}

/** The most requests that one batch of the runner had while `work` went on. */
async function mostJoined(runner: string, work: () => Promise<void>): Promise<number> {
  let most = 0;
  const count = (event: unknown): void => {
    const batch = event as BatchEvent;
    if (batch.runner === runner) most = Math.max(most, batch.requests);
  };
  subscribe("bentoml:batch", count);
  try {
    await work();
  } finally {
    unsubscribe("bentoml:batch", count);
  }
  return most;
}
