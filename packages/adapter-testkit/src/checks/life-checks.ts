import type { AnyRunner } from "bentoml-core";
import type { Check } from "../check.js";
import { broken, holds, shown } from "../contract-error.js";
import { placesOf } from "../place.js";
import { checkedRefusal, refusalOf } from "../refusal.js";
import type { SampleCall, SampleModel } from "../sample-model.js";
import { methodOf, type Workshop } from "../workshop.js";
import { checkAnswer, checkCall } from "./run-checks.js";

/** Beginning and end of runners, as far as this process can see it. */
export const lifeChecks: readonly Check[] = [
  { law: "destroy() during a run lets it end, or refuses it in words", run: (workshop) => everywhere(workshop, destroyDuring) },
  { law: "after destroy() calls are refused until the next init", run: (workshop) => everywhere(workshop, startAgain) },
];

type Start = (runner: AnyRunner) => Promise<unknown>;

async function everywhere(workshop: Workshop, check: (runner: AnyRunner, sample: SampleModel, start: Start, where: string) => Promise<void>): Promise<void> {
  for (const place of placesOf(workshop.options.leftOut)) {
    for (const sample of workshop.options.models) {
      const runner = await workshop.runnerOf(sample, {});
      await check(runner, sample, (each) => place.start(each), place.name);
    }
  }
}

/** Right after the calls, and once more while the model is still being loaded. */
async function destroyDuring(runner: AnyRunner, sample: SampleModel, start: Start, where: string): Promise<void> {
  await start(runner);
  await destroyWhileCalling(runner, sample, where);
  const starting = start(runner).catch(() => undefined);
  await destroyWhileCalling(runner, sample, `${where} while it starts`);
  await starting;
}

async function destroyWhileCalling(runner: AnyRunner, sample: SampleModel, where: string): Promise<void> {
  const calls = sample.calls.map((call) => methodOf(runner, sample)(...call.args()));
  const settled = Promise.allSettled(calls);
  await runner.destroy().catch((error: unknown) => broken(`destroy() during calls of "${sample.name}" ${where} rejected with ${shown(error)}`, error));
  for (const [index, answer] of (await settled).entries()) {
    if (answer.status === "rejected") checkedRefusal(`A call of "${sample.name}" that destroy() cut off ${where}`, answer.reason, { errorClass: "BentoMLError" });
    else checkAnswer(answer.value, sample, sample.calls[index] as SampleCall, `${where} when destroy() comes during the run`);
  }
}

async function startAgain(runner: AnyRunner, sample: SampleModel, start: Start, where: string): Promise<void> {
  const call = sample.calls[0] as SampleCall;
  await start(runner);
  await runner.destroy();
  await refusalOf(`A call after destroy() ${where}`, () => methodOf(runner, sample)(...call.args()), { errorClass: "RunnerNotInitializedError" });
  await start(runner).catch((error: unknown) => broken(`A second start of "${sample.name}" ${where} failed: let "setup" work again after "teardown". It threw ${shown(error)}`, error));
  holds(await runner.runnerHandleIsReady(), `A runner of "${sample.name}" is not ready ${where} after its second start.`);
  await checkCall(runner, sample, call, `${where} after a second start`);
}
