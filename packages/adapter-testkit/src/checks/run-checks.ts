import { NdArray, kwargs, type AdapterModel, type AnyRunner } from "bentoml-core";
import type { Check } from "../check.js";
import { broken, holds, shown } from "../contract-error.js";
import { mainPlaceOf, placesOf, thisThread, workerThreads, type Place } from "../place.js";
import type { SampleCall, SampleModel } from "../sample-model.js";
import { differenceOf, isPlainRecord } from "../values/difference.js";
import { methodOf, type Workshop } from "../workshop.js";

/** The answers of the samples, wherever a model runs. */
export const runChecks: readonly Check[] = [
  { law: "a model answers as expected in this thread", needs: ["local"], run: (workshop) => expectedAnswers(workshop, thisThread) },
  { law: "a model answers as expected in worker threads", needs: ["workers"], run: (workshop) => expectedAnswers(workshop, workerThreads) },
  { law: "a model answers as expected embedded in its caller", needs: ["local"], run: embedded },
  { law: "several outputs come back by name, each cut to its own rows", needs: ["severalOutputs"], run: severalOutputs },
  { law: "keywords reach the inputs that they name", needs: ["keywords"], run: keywords },
  { law: "a record of arrays by input name is a call too, as servers make it", needs: ["keywords"], run: records },
  { law: "an aborted call rejects with the signal's reason", run: aborted },
];

async function expectedAnswers(workshop: Workshop, place: Place): Promise<void> {
  for (const sample of workshop.options.models) {
    const runner = await workshop.runnerOf(sample, {});
    await place.start(runner);
    for (const call of sample.calls) await checkCall(runner, sample, call, place.name);
    await runner.destroy();
  }
}

/** Makes a sample's call and compares the answer. */
export async function checkCall(runner: AnyRunner, sample: SampleModel, call: SampleCall, where: string): Promise<void> {
  checkAnswer(await methodOf(runner, sample)(...call.args()).catch((error: unknown) => failed(sample, where, error)), sample, call, where);
}

/** Compares an answer with the one that is expected. */
export function checkAnswer(answer: unknown, sample: SampleModel, call: SampleCall, where: string): void {
  const difference = differenceOf(answer, call.expected, call.tolerance);
  if (difference !== undefined) broken(`Call ${sample.calls.indexOf(call)} of "${sample.name}" has another answer ${where}: ${difference}.`);
}

function failed(sample: SampleModel, where: string, error: unknown): never {
  return broken(`A call of "${sample.name}" failed ${where} with ${shown(error)}`, error);
}

async function embedded(workshop: Workshop): Promise<void> {
  for (const sample of workshop.options.models) {
    const runner = await workshop.runnerOf(sample, { embedded: true });
    holds(runner.embedded, 'toRunner({ embedded: true }) gave a runner that is not embedded: hand its options on to "new Runner".');
    for (const call of sample.calls) await checkCall(runner, sample, call, "embedded");
    await runner.destroy();
  }
}

async function severalOutputs(workshop: Workshop): Promise<void> {
  const { options } = workshop;
  const samples = options.models.filter(({ calls }) => calls.some(({ expected }) => isPlainRecord(expected) && Object.keys(expected).length > 1));
  if (samples.length === 0) broken('No sample has several outputs: give one whose "expected" is a record, or say in leftOut.severalOutputs why there is none.');
  const place = mainPlaceOf(options.leftOut);
  for (const sample of samples) {
    const runner = await workshop.runnerOf(sample, {});
    await place.start(runner);
    const answers = await Promise.all(sample.calls.map((call) => methodOf(runner, sample)(...call.args()).catch((error: unknown) => failed(sample, place.name, error))));
    for (const [index, answer] of answers.entries()) {
      const call = sample.calls[index] as SampleCall;
      const names = Object.keys(call.expected as object);
      const got = isPlainRecord(answer) ? Object.keys(answer) : [];
      holds(names.join() === got.join(), `"${sample.name}" gave ${got.length === 0 ? "no record" : `the outputs ${got.join(", ")}`}, expected ${names.join(", ")} in this order.`);
      checkAnswer(answer, sample, call, place.name);
    }
  }
}

async function keywords(workshop: Workshop): Promise<void> {
  const { options } = workshop;
  const samples = options.models.filter(({ calls }) => calls.some((call) => call.keywords !== undefined));
  if (samples.length === 0) broken('No call has "keywords": give one, best of a model with two inputs, or say in leftOut.keywords why there is none.');
  for (const place of placesOf(options.leftOut)) {
    for (const sample of samples) {
      const runner = await workshop.runnerOf(sample, {});
      await place.start(runner);
      for (const call of sample.calls) if (call.keywords !== undefined) await checkKeywords(runner, sample, call, call.keywords);
    }
  }
}

/** In the given order and in reverse: names count, places do not. */
async function checkKeywords(runner: AnyRunner, sample: SampleModel, call: SampleCall, make: () => Readonly<Record<string, unknown>>): Promise<void> {
  const reversed = (): Record<string, unknown> => Object.fromEntries(Object.entries(make()).reverse());
  for (const record of [make(), reversed()]) {
    const order = `by keywords in the order ${Object.keys(record).join(", ")}`;
    const answer = await methodOf(runner, sample)(kwargs(record)).catch((error: unknown) => failed(sample, order, error));
    checkAnswer(answer, sample, call, order);
  }
}

/** Servers know models by the inputs in their signatures. One without them, or with other values than arrays, is served in other ways. */
async function records(workshop: Workshop): Promise<void> {
  for (const sample of workshop.options.models) {
    const model = await workshop.saved(sample);
    const runner = workshop.runner(model, sample);
    for (const call of sample.calls) {
      const record = call.keywords?.() ?? {};
      if (!isRecordOfInputs(record, inputNamesOf(model, methodOf(runner, sample).name))) continue;
      const answer = await methodOf(runner, sample)(record).catch((error: unknown) => failed(sample, `by a record of ${Object.keys(record).join(", ")}`, error));
      checkAnswer(answer, sample, call, "by a record");
    }
    await runner.destroy();
  }
}

function inputNamesOf({ info }: AdapterModel, method: string): readonly string[] {
  return (info.signatures[method]?.inputSpec ?? []).map(({ name }) => name);
}

function isRecordOfInputs(record: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  const given = Object.keys(record);
  return given.length > 0 && given.length === names.length && names.every((name) => NdArray.isNdArray(record[name]));
}

async function aborted(workshop: Workshop): Promise<void> {
  const [sample] = workshop.options.models as readonly [SampleModel];
  const [call] = sample.calls as readonly [SampleCall];
  for (const place of placesOf(workshop.options.leftOut)) {
    const runner = await workshop.runnerOf(sample, {});
    await place.start(runner);
    const reason = new Error("the caller has gone");
    const signal = AbortSignal.abort(reason);
    const outcome = await methodOf(runner, sample).with({ signal })(...call.args()).then(() => "an answer", (error: unknown) => error);
    holds(outcome === reason, `A call whose signal was aborted must reject with the signal's reason ${place.name}, not ${shown(outcome)}: hand the call's options on.`);
  }
}
