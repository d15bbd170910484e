import { NdArray, type AnyRunner } from "bentoml-core";
import type { Check } from "../check.js";
import { broken, holds } from "../contract-error.js";
import { placesOf } from "../place.js";
import type { SampleCall, SampleModel } from "../sample-model.js";
import { arraysIn, overwrite } from "../values/arrays-in.js";
import { differenceOf } from "../values/difference.js";
import { methodOf, type Workshop } from "../workshop.js";
import { checkAnswer } from "./run-checks.js";

/** Who may write into which memory. */
export const ownershipChecks: readonly Check[] = [
  { law: "a result owns its memory", run: (workshop) => everywhere(workshop, resultsOwn) },
  { law: "overwriting the input after the call changes nothing", run: (workshop) => everywhere(workshop, inputsAreRead) },
  { law: "a call leaves its arguments as they were", run: (workshop) => everywhere(workshop, argumentsStay) },
];

async function everywhere(workshop: Workshop, check: (runner: AnyRunner, sample: SampleModel, where: string) => Promise<void>): Promise<void> {
  for (const place of placesOf(workshop.options.leftOut)) {
    for (const sample of workshop.options.models) {
      const runner = await workshop.runnerOf(sample, {});
      await place.start(runner);
      await check(runner, sample, place.name);
      await runner.destroy();
    }
  }
}

async function resultsOwn(runner: AnyRunner, sample: SampleModel, where: string): Promise<void> {
  const method = methodOf(runner, sample);
  const call = sample.calls[0] as SampleCall;
  const answers = [await method(...call.args()), ...(await Promise.all(sample.calls.map((each) => method(...each.args()))))];
  for (const answer of answers) checkWholeBuffers(answer, sample, where);
  const [first, ...others] = answers;
  overwrite(first);
  for (const [index, answer] of others.entries()) {
    checkAnswer(answer, sample, sample.calls[index] as SampleCall, `after another call's answer was written over (${where}): the two share memory`);
  }
  checkAnswer(await method(...call.args()), sample, call, `after an earlier answer was written over (${where}): the model keeps what it gave away`);
}

function checkWholeBuffers(answer: unknown, sample: SampleModel, where: string): void {
  for (const { path, data } of arraysIn(answer)) {
    if (!ArrayBuffer.isView(data)) continue;
    const { buffer, byteLength } = data as Uint8Array;
    const isPlain = Object.prototype.toString.call(buffer) === "[object ArrayBuffer]";
    if (isPlain && buffer.byteLength === byteLength) continue;
    broken(
      `The result${path} of "${sample.name}" ${where} has ${byteLength} bytes in ${isPlain ? "an" : "a shared"} ArrayBuffer of ${buffer.byteLength}: ` +
        "a caller would hold its neighbours' rows, or memory of the engine. Return a copy (NdArray.owned()).",
    );
  }
}

async function inputsAreRead(runner: AnyRunner, sample: SampleModel, where: string): Promise<void> {
  for (const call of sample.calls) {
    const given = call.args();
    const running = methodOf(runner, sample)(...given);
    overwrite(given);
    checkAnswer(await running, sample, call, `${where} when its input is written over after the call: read the input before the first await`);
  }
}

async function argumentsStay(runner: AnyRunner, sample: SampleModel, where: string): Promise<void> {
  for (const call of sample.calls) {
    const given = call.args();
    const untouched = call.args();
    await methodOf(runner, sample)(...given);
    const difference = differenceOf(comparable(given), comparable(untouched), 0, "the arguments");
    holds(difference === undefined, `A call of "${sample.name}" ${where} changed what it was given: ${String(difference)}. "prepare" must make new arrays, and the Runnable must not write into a caller's.`);
  }
}

/** Arrays and plain values as they are; anything else may be new each time, so only its arrays count. */
function comparable(args: readonly unknown[]): unknown[] {
  return args.flatMap<unknown>((value) => (NdArray.isNdArray(value) ? [value] : [...arraysIn(value)].map(({ data }) => data)));
}
