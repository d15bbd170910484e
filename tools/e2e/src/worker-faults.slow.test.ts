import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NdArray, isBentoMLError, type AnyRunner, type RunnerOptions } from "bentoml-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fixtureRunner, method } from "./fixtures.js";
import { expectNothingLeft, openResources, type OpenResources } from "./open-resources.js";

/** How often each fault is made. */
const TIMES = 50;
/** Every call ends within this, ms, with an answer or a typed error. */
const DEADLINE_MS = 60_000;

const METHODS = { echo: { batchable: true }, die: { batchable: true }, hang: { batchable: true } } as const;
const row = (value: number): NdArray => new NdArray("float32", [1, 1], Float32Array.of(value));

let runner: AnyRunner;
let folder: string;
let before: OpenResources;
beforeEach(() => {
  before = openResources();
  folder = mkdtempSync(join(tmpdir(), "bentoml-faults-"));
});
afterEach(async () => {
  await runner.destroy();
  rmSync(folder, { recursive: true });
  await expectNothingLeft(before);
});

function isolated(options: RunnerOptions): void {
  runner = fixtureRunner("isolated", "Isolated", METHODS, { journal: join(folder, "journal") }, { workers: 2, maxBatchSize: 8, graceMs: 5_000, ...options });
}

/** What came of a call: its own value again, a typed error, or something that must not be. */
async function outcome(value: number, name: keyof typeof METHODS, argument: unknown): Promise<string> {
  try {
    const answer = (await method(runner, name).with({ timeoutMs: DEADLINE_MS })(row(value), argument)) as NdArray;
    return answer.data[0] === value ? "answered" : `wrong answer ${String(answer.data[0])}`;
  } catch (error) {
    return isBentoMLError(error) ? error.code : `untyped: ${String(error)}`;
  }
}

test.each([
  { isolation: "process", name: "die", argument: "SIGKILL", what: "a process that is killed in the middle of a batch" },
  { isolation: "process", name: "die", argument: "throw", what: "a process that throws outside a call" },
  { isolation: "process", name: "die", argument: "abort", what: "a process that aborts" },
  { isolation: "process", name: "hang", argument: undefined, what: "a process that hangs" },
  { isolation: "process", name: "die", argument: "exit", what: "a process that exits" },
  { isolation: "thread", name: "die", argument: "exit", what: "a thread that exits" },
  { isolation: "thread", name: "die", argument: "throw", what: "a thread that throws outside a call" },
] as const)(`${String(TIMES)} times $what: every call ends, and only the poisonous one may fail`, async ({ isolation, name, argument }) => {
  isolated({ isolation, ...(name === "hang" ? { workerTimeoutMs: 200 } : {}) });
  for (let time = 0; time < TIMES; time++) {
    const values = Array.from({ length: 12 }, (_, index) => (index === time % 12 ? 13 : 100 + index));
    const outcomes = await Promise.all(values.map((value) => outcome(value, name, argument)));
    const neighbours = outcomes.filter((_, index) => values[index] !== 13);
    expect(neighbours.filter((ended) => ended !== "answered"), `round ${String(time)}`).toEqual([]);
    expect(outcomes[time % 12]).toBe("WORKER_CRASHED");
  }
  expect(await outcome(1, "echo", undefined)).toBe("answered");
  expect(await runner.runnerHandleIsReady()).toBe(true);
});

test(`${String(TIMES)} times a thread that hangs: every call ends, and the runner is there again when the hang is over`, async () => {
  isolated({ isolation: "thread", workerTimeoutMs: 200 });
  for (let time = 0; time < TIMES; time++) {
    const values = Array.from({ length: 12 }, (_, index) => (index === time % 12 ? 13 : 100 + index));
    const outcomes = await Promise.all(values.map((value) => outcome(value, "hang", 600)));
    expect(outcomes[time % 12], `round ${String(time)}`).toBe("WORKER_HUNG");
    // Those of the same batch share its fate, since a run cannot be ended; all others are answered by the other thread.
    expect(outcomes.filter((ended) => ended === "WORKER_HUNG").length).toBeLessThanOrEqual(8);
    expect(outcomes.filter((ended) => ended !== "WORKER_HUNG" && ended !== "answered")).toEqual([]);
    await expect.poll(() => runner.stats().workers.alive, { timeout: DEADLINE_MS }).toBe(2);
  }
  expect(await outcome(1, "echo", undefined)).toBe("answered");
});
