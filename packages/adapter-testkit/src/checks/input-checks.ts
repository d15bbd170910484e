import type { AnyRunner, RunnerHandle } from "bentoml-core";
import type { Ability } from "../ability.js";
import type { Check } from "../check.js";
import { broken, holds, shown } from "../contract-error.js";
import { mainPlaceOf, placesOf } from "../place.js";
import { checkedRefusal } from "../refusal.js";
import type { InvalidCall, SampleCall, SampleModel } from "../sample-model.js";
import { methodOf, type Workshop } from "../workshop.js";
import { checkAnswer, checkCall } from "./run-checks.js";

/** Calls that are wrong, and those beside them. */
export const inputChecks: readonly Check[] = [
  { law: "a wrong dtype is refused before any worker, naming the input", needs: ["wrongDtype"], run: (workshop) => refusedEarly(workshop, "dtype", "wrongDtype") },
  { law: "a wrong shape is refused before any worker, naming the input", needs: ["wrongShape"], run: (workshop) => refusedEarly(workshop, "shape", "wrongShape") },
  { law: "a missing input is refused before any worker, naming the input", needs: ["missingInput"], run: (workshop) => refusedEarly(workshop, "missing input", "missingInput") },
  { law: "an extra input is refused before any worker", needs: ["extraInput"], run: (workshop) => refusedEarly(workshop, "extra input", "extraInput") },
  { law: "a refused call harms no neighbour", run: neighbours },
  { law: "a run that fails is a BentoMLError, and the runner goes on", needs: ["failingRuns"], run: failingRuns },
];

interface WrongCall {
  readonly sample: SampleModel;
  readonly call: InvalidCall;
}

function wrongCallsOf({ options }: Workshop): WrongCall[] {
  return options.models.flatMap((sample) => (sample.invalidCalls ?? []).map((call) => ({ sample, call })));
}

async function refusedEarly(workshop: Workshop, wrong: InvalidCall["wrong"], ability: Ability): Promise<void> {
  const calls = wrongCallsOf(workshop).filter(({ call }) => call.wrong === wrong);
  if (calls.length === 0) broken(`No sample has an invalid call with "wrong": "${wrong}": give one in "invalidCalls", or say in leftOut.${ability} why there is none.`);
  for (const { sample, call } of calls) {
    const runner = await workshop.runnerOf(sample, {});
    const handle = new WatchedHandle();
    if (runsHere(workshop)) await runner.initClient(handle);
    const what = `A call of "${sample.name}" with ${wrong === "dtype" || wrong === "shape" ? `a wrong ${wrong}` : `${wrong === "extra input" ? "an" : "a"} ${wrong}`}`;
    const outcome = await methodOf(runner, sample)(...call.args()).then(() => undefined, (error: unknown) => ({ error }));
    holds(handle.calls === 0, `${what} got as far as the runner's handle, and so to the workers: check it in "prepare".`);
    if (outcome === undefined) broken(`${what} was accepted: throw InvalidArgumentError from bentoml-core in "prepare".`);
    checkedRefusal(what, outcome.error, { errorClass: "InvalidArgumentError", names: call.names });
  }
}

/** A model that runs elsewhere has a handle of its own, which is not replaced. */
function runsHere({ options: { leftOut } }: Workshop): boolean {
  return leftOut?.workers === undefined || leftOut.local === undefined;
}

/** Stands where the workers would be, and counts what gets there. */
class WatchedHandle implements RunnerHandle {
  calls = 0;
  readonly facts: Readonly<Record<string, unknown>> = {};

  runMethod(): Promise<unknown> {
    this.calls++;
    return Promise.resolve(undefined);
  }

  async *streamMethod(): AsyncGenerator<unknown, void, undefined> {
    this.calls++;
    await Promise.resolve();
    yield undefined;
  }

  isReady(): Promise<boolean> {
    return Promise.resolve(true);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  stats(): ReturnType<RunnerHandle["stats"]> {
    return { queuedCalls: 0, queuedItems: 0, workers: { alive: 1, idle: 1, size: 1, restarts: 0 } };
  }
}

async function neighbours(workshop: Workshop): Promise<void> {
  const calls = wrongCallsOf(workshop);
  if (calls.length === 0) broken('No sample has "invalidCalls": give calls with a wrong dtype, a wrong shape, a missing and an extra input.');
  const place = mainPlaceOf(workshop.options.leftOut);
  for (const sample of new Set(calls.map((each) => each.sample))) {
    const runner = await workshop.runnerOf(sample, {});
    await place.start(runner);
    await callBeside(runner, sample, place.name);
  }
}

/** Each wrong call between two right ones, all at once; then the runner still works. */
async function callBeside(runner: AnyRunner, sample: SampleModel, where: string): Promise<void> {
  const method = methodOf(runner, sample);
  const right = sample.calls[0] as SampleCall;
  const wrong = sample.invalidCalls ?? [];
  const answers = await Promise.allSettled([right, ...wrong.flatMap((call) => [call, right])].map((call) => method(...call.args())));
  for (const [index, answer] of answers.entries()) {
    if (index % 2 === 1) continue;
    if (answer.status === "rejected") broken(`A right call of "${sample.name}" failed beside wrong ones: refuse those in "prepare". It rejected with ${shown(answer.reason)}`, answer.reason);
    checkAnswer(answer.value, sample, right, `${where} beside wrong calls`);
  }
  await checkCall(runner, sample, right, `${where} after wrong calls`);
}

async function failingRuns(workshop: Workshop): Promise<void> {
  const samples = workshop.options.models.filter(({ failingCalls = [] }) => failingCalls.length > 0);
  if (samples.length === 0) broken('No sample has "failingCalls": give a well-formed call that the model fails on, or say in leftOut.failingRuns why there is none.');
  for (const place of placesOf(workshop.options.leftOut)) {
    for (const sample of samples) {
      const runner = await workshop.runnerOf(sample, {});
      await place.start(runner);
      for (const call of sample.failingCalls ?? []) {
        const what = `A run of "${sample.name}" that fails ${place.name}`;
        const outcome = await methodOf(runner, sample)(...call.args()).then(() => undefined, (error: unknown) => ({ error }));
        if (outcome === undefined) broken(`${what} gave an answer: throw ModelRunError from bentoml-core with the engine's own message.`);
        checkedRefusal(what, outcome.error, { errorClass: "BentoMLError" });
      }
      for (const call of sample.calls) await checkCall(runner, sample, call, `${place.name} after a run that failed`);
    }
  }
}
