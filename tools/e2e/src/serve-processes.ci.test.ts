import { mkdir, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addSub, slow } from "@bentoml-tools/onnx-models";
import { ModelStore } from "bentoml-core";
import { saveModel } from "bentoml-onnx";
import { Agent, request } from "undici";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "./eventually.js";
import { childrenOf, isAlive } from "./process-tree.js";
import { CliProcess } from "./served-cli.js";

/** Several API processes behind one port, and runners in processes of their own. */
const isLinux = process.platform === "linux";

let home: string;
/** Where the command makes the folder of its sockets. */
let temporary: string;
let cli: CliProcess;
let url: string;
/** Connections are not kept: each request may reach another process. */
const fresh = new Agent({ pipelining: 0 });

beforeEach(async () => {
  // Paths of sockets are short.
  home = await mkdtemp(join(tmpdir(), "bp-"));
  temporary = join(home, "t");
  await mkdir(temporary);
  const store = new ModelStore(home);
  await saveModel("add-sub", addSub(), { store });
  await saveModel("slow", slow({ repeats: 200 }), { store });
  cli = new CliProcess(["serve", "add-sub", "slow", "--api-workers", "2", "--workers", "1", "--port", "0"], { home, environment: { TMPDIR: temporary } });
  url = await cli.url();
});

afterEach(async () => {
  cli.signal("SIGKILL");
  await cli.ended;
  await rm(home, { recursive: true, force: true });
});

async function ask(model: "add-sub" | "slow" = "add-sub"): Promise<number> {
  const inputs =
    model === "slow"
      ? [{ name: "x", datatype: "FP32", shape: [1, 256], data: new Array<number>(256).fill(1) }]
      : ["a", "b"].map((name) => ({ name, datatype: "FP32", shape: [1, 4], data: [1, 2, 3, 4] }));
  const { statusCode, body } = await request(`${url}/v2/models/${model}/infer`, { method: "POST", body: JSON.stringify({ inputs }), dispatcher: fresh });
  await body.dump();
  return statusCode;
}

async function page(path: string): Promise<{ readonly status: number; readonly text: string }> {
  const { statusCode, body } = await request(`${url}${path}`, { dispatcher: fresh });
  return { status: statusCode, text: await body.text() };
}

/** Libraries put files of their own there too. */
async function socketFolders(): Promise<readonly string[]> {
  return (await readdir(temporary)).filter((name) => name.startsWith("bentoml-"));
}

function processes(title: string): readonly number[] {
  return childrenOf(cli.pid)
    .filter((child) => child.title.startsWith(title))
    .map(({ pid }) => pid);
}

test.runIf(isLinux)("two processes answer on one port, each runner runs once, and the metrics are those of all", async () => {
  expect(processes("bentoml api")).toHaveLength(2);
  expect(processes("bentoml runner")).toHaveLength(2);
  expect(await Promise.all(Array.from({ length: 10 }, () => ask()))).toEqual(new Array(10).fill(200));
  for (let scrape = 0; scrape < 2; scrape++) {
    const { text } = await page("/metrics");
    expect(text).toMatch(/bentoml_api_server_request_total\{.*model_name="add-sub".*http_response_code="200"\} 10\n/);
    expect(text).toMatch(/bentoml_runner_adaptive_batch_size_sum\{runner_name="add-sub"[^}]*\} 10\n/);
  }
  const [folder = ""] = await socketFolders();
  expect((await stat(join(temporary, folder))).mode & 0o777).toBe(0o700);
  const sockets = await readdir(join(temporary, folder));
  expect(sockets).toHaveLength(4);
  for (const socket of sockets) expect((await stat(join(temporary, folder, socket))).mode & 0o777).toBe(0o600);
});

test.runIf(isLinux)("SIGTERM answers what was accepted, and leaves no process and no socket behind", async () => {
  const children = childrenOf(cli.pid);
  const requests = Array.from({ length: 8 }, () => ask("slow"));
  await Promise.race(requests);
  cli.signal("SIGTERM");
  expect(await Promise.all(requests)).toEqual(new Array(8).fill(200));
  expect(await cli.ended).toMatchObject({ code: 0, signal: null, stderr: "" });
  expect(children.filter(({ pid }) => isAlive(pid))).toEqual([]);
  expect(await socketFolders()).toEqual([]);
});

test.runIf(isLinux)("kill -9 of an API process touches its own requests alone, and it is started again", async () => {
  const [victim = 0, other] = processes("bentoml api");
  process.kill(victim, "SIGKILL");
  // The port stays open, whoever answers.
  for (let index = 0; index < 20; index++) expect(await ask()).toBe(200);
  const now = await eventually(() => {
    const pids = processes("bentoml api");
    return pids.length === 2 && !pids.includes(victim) && pids;
  });
  expect(now).toContain(other);
  await cli.printed(/API process \d is ready again/);
  expect(await ask()).toBe(200);
});

test.runIf(isLinux)("kill -9 of all API processes: connections wait for the next ones", async () => {
  for (const pid of processes("bentoml api")) process.kill(pid, "SIGKILL");
  await cli.printed(/API process 1 ended[^]*API process 2 ended|API process 2 ended[^]*API process 1 ended/);
  expect(await Promise.all(Array.from({ length: 10 }, () => ask()))).toEqual(new Array(10).fill(200));
});

test.runIf(isLinux)("kill -9 of a runner's process: calls wait for the next one, the other runner goes on", async () => {
  const [victim = 0] = processes("bentoml runner slow");
  process.kill(victim, "SIGKILL");
  expect(await ask("add-sub")).toBe(200);
  await cli.printed(/the process of runner slow ended \(killed by SIGKILL\)/);
  expect(await ask("slow")).toBe(200);
  await cli.printed(/the process of runner slow is ready again/);
  expect((await page("/readyz")).status).toBe(200);
});

test.runIf(isLinux)("when the supervisor itself is killed its processes end by themselves, with their sockets", async () => {
  const children = childrenOf(cli.pid);
  expect(children).toHaveLength(4);
  cli.signal("SIGKILL");
  await eventually(() => children.every(({ pid }) => !isAlive(pid)));
  await eventually(async () => (await socketFolders()).length === 0);
});

test("a runner that cannot be opened is one line, and nothing is left", async () => {
  const wrong = new CliProcess(["serve", "add-sub", "nothing", "--api-workers", "2", "--port", "0"], { home, environment: { TMPDIR: temporary } });
  const { code, stdout, stderr } = await wrong.ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^error: The model nothing is not in the store[^\n]*\n$/);
  expect(await socketFolders()).toHaveLength(1);
});
