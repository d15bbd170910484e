import { spawn } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NdArray, type AnyRunner, type RunnableMethods, type RunnerOptions, type WorkerChangeEvent } from "bentoml-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runScript } from "./child-script.js";
import { fixtureRunner, method } from "./fixtures.js";

const METHODS: RunnableMethods = {
  where: {},
  echo: { batchable: true },
  die: { batchable: true },
  dieOnce: { batchable: true },
  dieNotIdempotent: { idempotent: false },
  hang: { batchable: true },
  count: { stream: true },
  wait: { maxConcurrency: 3 },
  grow: {},
};
const row = (value: number): NdArray => new NdArray("float32", [1, 1], Float32Array.of(value));

let runner: AnyRunner;
let folder: string;
const events: WorkerChangeEvent[] = [];
const listen = (message: unknown): void => void events.push(message as WorkerChangeEvent);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bentoml-processes-"));
  events.length = 0;
  subscribe("bentoml:worker", listen);
});
afterEach(async () => {
  unsubscribe("bentoml:worker", listen);
  await runner.destroy();
  rmSync(folder, { recursive: true });
});

function isolated(options: RunnerOptions = {}): AnyRunner {
  runner = fixtureRunner("isolated", "Isolated", METHODS, { journal: join(folder, "journal") }, { isolation: "process", workers: 1, ...options });
  return runner;
}

const call = (name: string, ...args: unknown[]): Promise<unknown> => method(runner, name)(...args);
const outcome = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (answer) => (NdArray.isNdArray(answer) ? answer.toNested() : answer),
    (error: unknown) => (error as { code: string }).code,
  );
const starts = (): number => readFileSync(join(folder, "journal"), "utf8").trim().split("\n").length;

/** Whether a process with that id runs; a zombie does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${String(pid)}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise<void>((resolve) => setImmediate(resolve));
}

test("a worker is a process of its own, with its share of the machine in its environment", async () => {
  isolated({ resources: { cpu: 2 } });
  const place = (await call("where", "OMP_NUM_THREADS")) as { pid: number; variable: string };
  expect(place.pid).not.toBe(process.pid);
  expect(place.variable).toBe(runner.scheduledWorkerEnvMap[0]?.["OMP_NUM_THREADS"]);
  expect(await call("where", "CUDA_VISIBLE_DEVICES")).toMatchObject({ variable: "-1" });
});

test("runSync is refused with a reason", async () => {
  await isolated().init();
  expect(() => method(runner, "echo").runSync(row(1))).toThrow(expect.objectContaining({ code: "NOT_SYNCHRONOUS" }));
});

test("a constructor argument that cannot leave the process is named", async () => {
  runner = fixtureRunner("isolated", "Isolated", METHODS, { gate: () => 1 }, { isolation: "process", workers: 1 });
  await expect(runner.init()).rejects.toMatchObject({ code: "NOT_SENDABLE", message: expect.stringContaining("gate") });
});

test("large rows and results go through whole, many at a time, and results own their memory", async () => {
  isolated({ workers: 2, maxBatchSize: 4 });
  const big = (seed: number): NdArray => new NdArray("float32", [1, 300_001], Float32Array.from({ length: 300_001 }, (_, index) => (index * 7 + seed) % 1_000));
  const answers = (await Promise.all(Array.from({ length: 12 }, (_, seed) => call("echo", big(seed))))) as NdArray<"float32">[];
  for (const [seed, answer] of answers.entries()) {
    expect(Buffer.from(answer.data.buffer).equals(Buffer.from((big(seed) as NdArray<"float32">).data.buffer))).toBe(true);
    expect(answer.data.buffer.byteLength).toBe(answer.data.byteLength);
  }
});

test("a stream crosses the process, with back-pressure, and can be left", async () => {
  isolated();
  let next = 0;
  for await (const item of method(runner, "count").stream(1_000)) {
    expect((item as NdArray).toNested()).toEqual([next++]);
    if (next === 500) break;
  }
  expect(await outcome(call("echo", row(1)))).toEqual([[1]]);
});

describe("a worker that dies", () => {
  test.each([
    { way: "SIGKILL", reason: "it was killed by SIGKILL" },
    { way: "SIGSEGV", reason: "it was killed by SIGSEGV" },
    { way: "abort", reason: "it was killed by SIGABRT" },
    { way: "exit", reason: "it exited with code 7" },
    { way: "throw", reason: "it threw RangeError: thrown outside a call" },
  ])("by $way: its calls are answered by the next one, and the reason is told", async ({ way, reason }) => {
    isolated({ workers: 2 });
    const answers = [1, 2, 3].map((value) => outcome(call("dieOnce", row(value), way)));
    expect(await Promise.all(answers)).toEqual([[[1]], [[2]], [[3]]]);
    expect(events.find(({ event }) => event === "crashed")?.reason).toBe(reason);
    expect(await outcome(call("echo", row(4)))).toEqual([[4]]);
  });

  test("of a poisonous call: that one fails, its neighbours are answered", async () => {
    isolated({ workers: 2 });
    const answers = await Promise.all([1, 13, 3, 4].map((value) => outcome(call("die", row(value), "SIGKILL"))));
    expect(answers).toEqual([[[1]], "WORKER_CRASHED", [[3]], [[4]]]);
    await expect(call("die", row(13), "exit")).rejects.toThrow(/two workers that ran this call died; it is not run again. Last reason: it exited with code 7/);
  });

  test("with a method that is not idempotent: it is not run again", async () => {
    isolated();
    await expect(call("dieNotIdempotent")).rejects.toThrow(/not idempotent; it is not run again. Last reason: it was killed by SIGKILL/);
    expect(await outcome(call("echo", row(4)))).toEqual([[4]]);
    expect(starts()).toBe(2);
  });
});

test("a hanging process is killed after workerTimeoutMs; only the call that hangs fails", async () => {
  isolated({ workers: 2, workerTimeoutMs: 300 });
  const answers = [1, 13, 3].map((value) => call("hang", row(value)));
  const [, hanging] = answers;
  await expect(hanging).rejects.toThrow(/Last reason: it ran for longer than workerTimeoutMs 300 and was killed/);
  expect(await Promise.all(answers.map(outcome))).toEqual([[[1]], "WORKER_CRASHED", [[3]]]);
});

test("a hanging thread fails its calls, leaves the runner not ready, and comes back when its run ends", async () => {
  isolated({ isolation: "thread", workerTimeoutMs: 100 });
  await runner.init();
  await expect(call("hang", row(13), 600)).rejects.toMatchObject({ code: "WORKER_HUNG", message: expect.stringContaining("a thread cannot be killed") });
  expect(await runner.runnerHandleIsReady()).toBe(false);
  await expect(call("echo", row(1))).rejects.toMatchObject({ code: "WORKERS_FAILED" });
  while (!(await runner.runnerHandleIsReady())) await new Promise<void>((resolve) => setImmediate(resolve));
  expect(await outcome(call("echo", row(1)))).toEqual([[1]]);
  expect(events.map(({ event }) => event)).toEqual(["started", "ready", "hung", "ready"]);
});

describe.each(["process", "thread"] as const)("recycling of a %s", (isolation) => {
  test("by maxRequests: the new one is ready before the old one goes, and no call is lost", async () => {
    isolated({ isolation, maxRequests: 5 });
    const seen = new Set<unknown>();
    for (let count = 0; seen.size < 3; count++) {
      const { pid, threadId } = (await call("where", "PATH")) as { pid: number; threadId: number };
      seen.add(`${String(pid)} ${String(threadId)}`);
      expect(runner.stats().workers.alive).toBe(1);
    }
    expect(events.filter(({ event }) => event === "crashed")).toEqual([]);
    expect(events.find(({ event }) => event === "recycled")?.reason).toMatch(/it has had \d+ calls, maxRequests is 5/);
  });
});

test("recycling by maxRssMb", async () => {
  isolated({ maxRssMb: 200 });
  const first = await call("grow", 250);
  while ((await call("grow", 0)) === first) await new Promise<void>((resolve) => setImmediate(resolve));
  expect(events.find(({ event }) => event === "recycled")?.reason).toMatch(/it uses \d+ MB, maxRssMb is 200/);
});

test("threads have no memory of their own to be recycled by", async () => {
  await expect(isolated({ isolation: "thread", maxRssMb: 200 }).init()).rejects.toThrow(/threads share the memory of one process/);
});

test.each(["process", "thread"] as const)("a method with maxConcurrency runs so many times at once in one %s, beside another method", async (isolation) => {
  isolated({ isolation });
  const waiting = Array.from({ length: 7 }, () => call("wait"));
  expect(await outcome(call("echo", row(1)))).toEqual([[1]]);
  expect(Math.max(...((await Promise.all(waiting)) as number[]))).toBe(3);
});

describe("the end of the parent", () => {
  test("which forgets destroy(): an idle worker keeps nothing alive, and ends", async () => {
    isolated();
    const { code, signal, stdout } = await runScript("leave-processes.mjs", ["forget"], {});
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    await untilGone(Number(stdout));
  });

  test("by process.exit()", async () => {
    isolated();
    const { code, signal, stdout } = await runScript("leave-processes.mjs", ["exit"], {});
    expect({ code, signal }).toEqual({ code: 5, signal: null });
    await untilGone(Number(stdout));
  });

  test.each(["stay", "hang"])("by SIGKILL (its worker: %s)", async (way) => {
    isolated();
    const script = fileURLToPath(new URL("../fixtures/leave-processes.mjs", import.meta.url));
    const parent = spawn(process.execPath, [script, way], { stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    parent.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    while (!(way === "hang" ? said.includes("hanging") : said.endsWith("\n"))) await new Promise<void>((resolve) => setImmediate(resolve));
    const pid = Number.parseInt(said, 10);
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await untilGone(pid);
  });
});

test.each(["thread", "process"])("flags for V8 and a program given as a text do not keep a %s from starting", async (isolation) => {
  isolated();
  const script = fileURLToPath(new URL("../fixtures/leave-processes.mjs", import.meta.url));
  const forV8 = ["--max-old-space-size=512", "--expose-gc"];
  const asText = ["--input-type=module", "-e", `process.argv.splice(1, 0, "text"); await import(${JSON.stringify(script)})`];
  for (const program of [[script], asText]) {
    const child = spawn(process.execPath, [...forV8, ...program, "forget", isolation], { stdio: ["ignore", "ignore", "inherit"] });
    expect(await new Promise((resolve) => child.once("close", resolve))).toBe(0);
  }
});
