import { Params, decodeFrame, defaultRegistry, encodeFrame, type DataContainer, type Payload } from "bentoml-core";
import type { Check } from "../check.js";
import { broken, holds, shown } from "../contract-error.js";
import { refusalOf } from "../refusal.js";
import type { ContainerSample } from "../sample-model.js";
import { differenceOf } from "../values/difference.js";
import type { Workshop } from "../workshop.js";

/** What every container of the adapter does with its samples. */
export const containerChecks: readonly Check[] = [
  { law: "containers are registered by name and type, again and again without harm", run: registration },
  { law: "a container's join and split are each other's inverse, at cumulative indices", needs: ["containers"], run: (workshop) => eachJoining(workshop, joinAndSplit) },
  { law: "a container refuses to split at indices with a wrong total", needs: ["containers"], run: (workshop) => eachJoining(workshop, wrongTotals) },
  { law: "a container's payload gives the value back, from a thread and from the wire", needs: ["containers"], run: (workshop) => each(workshop, payloads) },
  { law: "a container's batch payloads give the batch back, with its indices", needs: ["containers"], run: (workshop) => eachJoining(workshop, batchPayloads) },
];

async function registration({ adapter, options }: Workshop): Promise<void> {
  for (let time = 1; time <= 2; time++) {
    try {
      adapter.register();
    } catch (error) {
      broken(`register() failed the ${time === 1 ? "first" : "second"} time: a container's name and types are its own, and doing it again must change nothing. It threw ${shown(error)}`, error);
    }
  }
  if (options.leftOut?.containers !== undefined) return;
  for (const sample of samplesOf(options.containers)) {
    const found = containerOf(sample);
    for (const value of sample.batches()) {
      const served = [defaultRegistry.findBySingleType(value).name, defaultRegistry.findByBatchType(value).name];
      holds(served.every((name) => name === found.name), `A value of ${sample.name} is served by ${served.join(" and ")}: register a type that recognises it.`);
    }
  }
}

function samplesOf(samples: readonly ContainerSample[] | undefined): readonly ContainerSample[] {
  if (samples === undefined || samples.length === 0) broken('Give "containers": values for each container that register() registers, or say in leftOut.containers that there is none.');
  return samples;
}

function containerOf({ name }: ContainerSample): DataContainer {
  try {
    return defaultRegistry.findByName(name);
  } catch (error) {
    return broken(`After register() there is no container "${name}": name it in the "containers" of defineAdapter. ${shown(error)}`, error);
  }
}

type ContainerCheck = (container: DataContainer, sample: ContainerSample) => Promise<void>;

async function each(workshop: Workshop, check: ContainerCheck): Promise<void> {
  workshop.register();
  for (const sample of samplesOf(workshop.options.containers)) await check(containerOf(sample), sample);
}

function eachJoining(workshop: Workshop, check: ContainerCheck): Promise<void> {
  return each(workshop, async (container, sample) => {
    if (sample.joinsNothing !== true) return check(container, sample);
    await refusalOf(`Joining values of ${sample.name}`, () => container.batchesToBatch(sample.batches(), dimOf(sample)), { errorClass: "InvalidArgumentError" });
  });
}

async function joinAndSplit(container: DataContainer, sample: ContainerSample): Promise<void> {
  const dim = dimOf(sample);
  const values = sample.batches();
  holds(values.length > 1, `The sample for ${sample.name} has ${values.length} values: give at least two that can be joined.`);
  const { batch, indices } = container.batchesToBatch(values, dim);
  checkIndices(indices, values, container, dim);
  const total = container.getBatchSize(batch, dim);
  holds(total === indices.at(-1), `${sample.name} joined ${String(indices.at(-1))} items, but getBatchSize of the batch is ${total}.`);
  same(container.batchToBatches(batch, indices, dim), sample.batches(), sample, "joined and split again");
  same(values, sample.batches(), sample, "left alone by a join");
}

function checkIndices(indices: readonly number[], values: readonly unknown[], container: DataContainer, dim: number): void {
  const expected = [0];
  for (const value of values) expected.push((expected.at(-1) as number) + container.getBatchSize(value, dim));
  holds(
    indices.length === expected.length && indices.every((index, place) => index === expected[place]),
    `${container.name} joined batches of ${values.map((value) => container.getBatchSize(value, dim)).join(", ")} at the indices [${indices.join(", ")}]: they are cumulative from 0, so [${expected.join(", ")}].`,
  );
}

async function wrongTotals(container: DataContainer, sample: ContainerSample): Promise<void> {
  const dim = dimOf(sample);
  const { batch, indices } = container.batchesToBatch(sample.batches(), dim);
  const total = indices.at(-1) as number;
  for (const wrong of [[0, total + 1], [0, total - 1], [...indices].reverse()]) {
    const what = `Splitting ${total} items of ${sample.name} at [${wrong.join(", ")}]`;
    await refusalOf(what, () => container.batchToBatches(batch, wrong, dim), { errorClass: "InvalidArgumentError" });
    await refusalOf(`${what} into payloads`, () => container.batchToPayloads(batch, wrong, dim), { errorClass: "InvalidArgumentError" });
  }
}

async function payloads(container: DataContainer, sample: ContainerSample): Promise<void> {
  const dim = dimOf(sample);
  for (const [index, value] of sample.batches().entries()) {
    const payload = await container.toPayload(value, dim);
    checkPayload(payload, container);
    if (sample.joinsNothing !== true) {
      const size = container.getBatchSize(value, dim);
      holds(payload.batchSize === size, `A payload of ${sample.name} says batchSize ${payload.batchSize} for a value of ${size}.`);
    }
    const expected = sample.batches()[index];
    same(await container.fromPayload(payload), expected, sample, "taken apart and put together");
    same(await container.fromPayload(structuredClone(payload)), expected, sample, "sent to another thread");
    same(await container.fromPayload(overTheWire(payload)), expected, sample, "sent over the wire");
  }
}

/** As a runner on another host gets it. */
function overTheWire(payload: Payload): Payload {
  const frame = decodeFrame(Buffer.concat(encodeFrame({ kind: "payloads", payloads: new Params([payload]) })));
  holds(frame.kind === "payloads", "A frame of payloads was read as another one.");
  return frame.payloads.args[0] as Payload;
}

function checkPayload(payload: Payload, { name }: DataContainer): void {
  holds(payload.container === name, `A payload made by ${name} says that its container is "${payload.container}": the reader is found by that name.`);
  holds(payload.buffers.every((buffer) => buffer instanceof Uint8Array), `The buffers of a payload of ${name} must be Uint8Arrays.`);
  const difference = differenceOf(JSON.parse(JSON.stringify(payload.meta)), payload.meta, 0, "meta");
  holds(difference === undefined, `The meta of a payload of ${name} must be JSON, since it travels in a header: ${String(difference)}.`);
}

async function batchPayloads(container: DataContainer, sample: ContainerSample): Promise<void> {
  const dim = dimOf(sample);
  const { batch, indices } = container.batchesToBatch(sample.batches(), dim);
  const parts = await container.batchToPayloads(batch, indices, dim);
  for (const part of parts) checkPayload(part, container);
  const joined = await container.fromBatchPayloads(parts.map((part) => structuredClone(part)), dim);
  holds(joined.indices.join() === indices.join(), `fromBatchPayloads of ${sample.name} gave the indices [${joined.indices.join(", ")}], but the batch was cut at [${indices.join(", ")}].`);
  same([joined.batch], [container.batchesToBatch(sample.batches(), dim).batch], sample, "cut into payloads and joined");
}

function dimOf({ batchDim = 0 }: ContainerSample): number {
  return batchDim;
}

function same(actual: unknown, expected: unknown, { name, tolerance, comparable = (value) => value }: ContainerSample, how: string): void {
  const made = (value: unknown): unknown => (Array.isArray(value) ? value.map(comparable) : comparable(value));
  const difference = differenceOf(made(actual), made(expected), tolerance, `a value of ${name}`);
  holds(difference === undefined, `Values of ${name} are not the same when ${how}: ${String(difference)}.`);
}
