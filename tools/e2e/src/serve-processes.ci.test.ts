import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "./eventually.js";
import { killedRunners } from "./killed-runners.js";
import { childrenOf, isAlive } from "./process-tree.js";
import { CliProcess } from "./served-cli.js";
import { ServedProcesses } from "./served-processes.js";

/** Several API processes behind one port, and runners in processes of their own. */
const isLinux = process.platform === "linux";

let served: ServedProcesses;

beforeEach(async () => {
  served = await ServedProcesses.start();
});

afterEach(() => served.end());

test.runIf(isLinux)("two processes answer on one port, each runner runs once, and metrics and statistics are those of all", async () => {
  expect(served.pids("bentoml api")).toHaveLength(2);
  expect(served.pids("bentoml runner")).toHaveLength(2);
  expect(await Promise.all(Array.from({ length: 10 }, () => served.ask()))).toEqual(new Array(10).fill(200));
  for (let scrape = 0; scrape < 2; scrape++) {
    const { text } = await served.page("/metrics");
    expect(text).toMatch(/bentoml_api_server_request_total\{.*model_name="add-sub".*http_response_code="200"\} 10\n/);
    expect(text).toMatch(/bentoml_runner_adaptive_batch_size_sum\{runner_name="add-sub"[^}]*\} 10\n/);
  }
  // From whichever process.
  for (let asked = 0; asked < 4; asked++) {
    const { model_stats: [row] } = JSON.parse((await served.page("/v2/models/add-sub/stats")).text) as { model_stats: { inference_count: number; inference_stats: Record<string, { count: number }>; batch_stats: { batch_size: number; compute_infer: { count: number } }[] }[] };
    expect([row?.inference_count, row?.inference_stats["success"]?.count, row?.inference_stats["queue"]?.count]).toEqual([10, 10, 10]);
    expect(row?.batch_stats.reduce((items, { batch_size, compute_infer }) => items + batch_size * compute_infer.count, 0)).toBe(10);
  }
  const [folder = ""] = await served.socketFolders();
  expect((await stat(join(served.temporary, folder))).mode & 0o777).toBe(0o700);
  const sockets = await readdir(join(served.temporary, folder));
  expect(sockets).toHaveLength(4);
  for (const socket of sockets) expect((await stat(join(served.temporary, folder, socket))).mode & 0o777).toBe(0o600);
});

test.runIf(isLinux)("SIGTERM answers what was accepted, and leaves no process and no socket behind", async () => {
  const children = childrenOf(served.cli.pid);
  const requests = Array.from({ length: 8 }, () => served.ask("slow"));
  await Promise.race(requests);
  served.cli.signal("SIGTERM");
  expect(await Promise.all(requests)).toEqual(new Array(8).fill(200));
  expect(await served.cli.ended).toMatchObject({ code: 0, signal: null, stderr: "" });
  expect(children.filter(({ pid }) => isAlive(pid))).toEqual([]);
  expect(await served.socketFolders()).toEqual([]);
});

test.runIf(isLinux)("kill -9 of an API process touches its own requests alone, and it is started again", async () => {
  const [victim = 0, other] = served.pids("bentoml api");
  process.kill(victim, "SIGKILL");
  // The port stays open, whoever answers.
  for (let index = 0; index < 20; index++) expect(await served.ask()).toBe(200);
  const now = await eventually(() => {
    const pids = served.pids("bentoml api");
    return pids.length === 2 && !pids.includes(victim) && pids;
  });
  expect(now).toContain(other);
  await served.cli.printed(/API process \d is ready again/);
  expect(await served.ask()).toBe(200);
});

test.runIf(isLinux)("kill -9 of all API processes: connections wait for the next ones", async () => {
  for (const pid of served.pids("bentoml api")) process.kill(pid, "SIGKILL");
  await served.cli.printed(/API process 1 ended[^]*API process 2 ended|API process 2 ended[^]*API process 1 ended/);
  expect(await Promise.all(Array.from({ length: 10 }, () => served.ask()))).toEqual(new Array(10).fill(200));
});

test.runIf(isLinux)("kill -9 of a runner's process: calls wait for the next one, the other runner goes on", async () => {
  const [victim = 0] = served.pids("bentoml runner slow");
  process.kill(victim, "SIGKILL");
  expect(await served.ask("add-sub")).toBe(200);
  await served.cli.printed(/the process of runner slow ended \(killed by SIGKILL\)/);
  expect(await served.ask("slow")).toBe(200);
  await served.cli.printed(/the process of runner slow is ready again/);
  expect((await served.page("/readyz")).status).toBe(200);
});

test.runIf(isLinux)("kill -9 of a runner's process again and again touches its own calls alone, and it comes back each time", async () => {
  expect(await killedRunners(served, 3)).toHaveLength(3);
});

test.runIf(isLinux)("when the supervisor itself is killed its processes end by themselves, with their sockets", async () => {
  const children = childrenOf(served.cli.pid);
  expect(children).toHaveLength(4);
  served.cli.signal("SIGKILL");
  await eventually(() => children.every(({ pid }) => !isAlive(pid)));
  await eventually(async () => (await served.socketFolders()).length === 0);
});

test("a runner that cannot be opened is one line, and nothing is left", async () => {
  const wrong = new CliProcess(["serve", "add-sub", "nothing", "--api-workers", "2", "--port", "0"], { home: served.home, environment: { TMPDIR: served.temporary } });
  const { code, stdout, stderr } = await wrong.ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^error: The model nothing is not in the store[^\n]*\n$/);
  expect(await served.socketFolders()).toHaveLength(1);
});
