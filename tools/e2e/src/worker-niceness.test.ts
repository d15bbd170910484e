import { getPriority } from "node:os";
import { Runner, type AnyRunner, type NdArray, type RunnableReference } from "bentoml-core";
import { afterEach, expect, test } from "vitest";
import { method } from "./fixtures.js";

let runner: AnyRunner | undefined;
afterEach(() => runner?.destroy());

function priority(wanted: number | undefined): RunnableReference {
  return {
    module: new URL("../fixtures/priority.mjs", import.meta.url).href,
    export: "Priority",
    params: {},
    methods: { niceness: {} },
    ...(wanted === undefined ? {} : { workerNiceness: wanted }),
  };
}

/** On other systems a thread has no niceness of its own. */
const isolations = process.platform === "linux" ? (["thread", "process"] as const) : (["process"] as const);

test.each(
  isolations.flatMap((isolation) => [
    { isolation, wanted: undefined, given: undefined, steps: 0 },
    { isolation, wanted: undefined, given: 3, steps: 3 },
    { isolation, wanted: 10, given: undefined, steps: 10 },
    { isolation, wanted: 10, given: 0, steps: 0 },
  ]),
)("a worker ($isolation) whose Runnable wants $wanted and whose runner says $given gives way by $steps steps; this thread does not", async ({ isolation, wanted, given, steps }) => {
  const before = getPriority(0);
  runner = new Runner(priority(wanted), { name: "priority", workers: 1, isolation, ...(given === undefined ? {} : { workerNiceness: given }) });
  const told = (await method(runner, "niceness")()) as NdArray;
  expect(told.toNested()).toEqual([Math.min(before + steps, 19)]);
  expect(getPriority(0)).toBe(before);
  expect(runner.facts).toMatchObject({ niceness: 0 });
});

test.each([
  { wanted: undefined, given: undefined, steps: 0 },
  { wanted: 10, given: undefined, steps: 10 },
  { wanted: 10, given: 3, steps: 3 },
])("in this thread a Runnable that wants $wanted, in a runner that says $given, is told that threads of its own give way by $steps steps", async ({ wanted, given, steps }) => {
  runner = new Runner(priority(wanted), { name: "priority", ...(given === undefined ? {} : { workerNiceness: given }) });
  await runner.initLocal({ quiet: true });
  expect(runner.facts).toMatchObject({ niceness: steps });
  expect(((await method(runner, "niceness")()) as NdArray).toNested()).toEqual([getPriority(0)]);
});
