import type { AnyRunner } from "bentoml-core";
import type { Check } from "../check.js";
import { broken, holds, shown } from "../contract-error.js";
import { placesOf } from "../place.js";
import type { SampleModel, SampleStream } from "../sample-model.js";
import { differenceOf } from "../values/difference.js";
import type { Workshop } from "../workshop.js";

/** Methods that answer with many items. */
export const streamChecks: readonly Check[] = [
  { law: "a stream gives its items in order, and goes on after a caller who leaves early", needs: ["streams"], run: streams },
];

async function streams(workshop: Workshop): Promise<void> {
  const { models, leftOut } = workshop.options;
  const samples = models.filter((sample) => (sample.streams ?? []).length > 0);
  if (samples.length === 0) broken('No sample has "streams": give one of a stream method, or say in leftOut.streams why there is none.');
  for (const place of placesOf(leftOut)) {
    for (const sample of samples) {
      const runner = await workshop.runnerOf(sample, {});
      await place.start(runner);
      for (const stream of sample.streams ?? []) await checkStream(runner, sample, stream, place.name);
    }
  }
}

/** Whole, left after the first item, and whole once more: the worker must be free again. */
async function checkStream(runner: AnyRunner, sample: SampleModel, stream: SampleStream, where: string): Promise<void> {
  await checkItems(runner, sample, stream, where);
  for await (const item of open(runner, sample, stream)) {
    checkItem(item, sample, stream, 0, `${where} for a caller who leaves`);
    break;
  }
  await checkItems(runner, sample, stream, `${where} after a caller who left early`);
}

async function checkItems(runner: AnyRunner, sample: SampleModel, stream: SampleStream, where: string): Promise<void> {
  const items: unknown[] = [];
  try {
    for await (const item of open(runner, sample, stream)) items.push(item);
  } catch (error) {
    broken(`The stream "${stream.method}" of "${sample.name}" failed ${where} after ${items.length} items with ${shown(error)}`, error);
  }
  holds(items.length === stream.expected.length, `The stream "${stream.method}" of "${sample.name}" gave ${items.length} items ${where}, expected ${stream.expected.length}.`);
  for (const [index, item] of items.entries()) checkItem(item, sample, stream, index, where);
}

function checkItem(item: unknown, sample: SampleModel, { method, expected, tolerance }: SampleStream, index: number, where: string): void {
  const difference = differenceOf(item, expected[index], tolerance, `item ${index}`);
  holds(difference === undefined, `The stream "${method}" of "${sample.name}" is another one ${where}: ${String(difference)}.`);
}

function open(runner: AnyRunner, sample: SampleModel, { method: name, args }: SampleStream): AsyncGenerator<unknown> {
  const method = runner.methods[name];
  holds(method !== undefined, `The runner of "${sample.name}" has no method "${name}": it has ${Object.keys(runner.methods).join(", ")}.`);
  return method.stream(...args());
}
