import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addSub } from "@bentoml-tools/onnx-models";
import { ModelStore } from "bentoml-core";
import { saveModel } from "bentoml-onnx";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "./eventually.js";
import { CliProcess, runBuiltCli } from "./served-cli.js";

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "br-"));
  await saveModel("add-sub", addSub(), { store: new ModelStore(home) });
  await writeFile(join(home, "runner-token"), "of-the-runner\n");
  await writeFile(join(home, "api-tokens"), "old-one\nnew-one\n");
});
afterAll(() => rm(home, { recursive: true, force: true }));

const inputs = ["a", "b"].map((name) => ({ name, datatype: "FP32", shape: [1, 4], data: [1, 2, 3, 4] }));

async function ask(url: string, headers: Record<string, string> = {}): Promise<number> {
  const answer = await fetch(`${url}/v2/models/add-sub/infer`, { method: "POST", body: JSON.stringify({ inputs }), headers });
  await answer.text();
  return answer.status;
}

async function readiness(url: string): Promise<number> {
  return (await fetch(`${url}/readyz`)).status;
}

test.skipIf(process.platform === "win32")("a model whose runner is on another server is ready when that is, and wants no worker here", async () => {
  const socket = join(home, "r.sock");
  const cli = new CliProcess(
    ["serve", "add-sub", "--port", "0", "--remote-runner", `add-sub=unix:${socket}`, "--runner-token-file", "runner-token", "--token-file", "api-tokens"],
    { home, folder: home },
  );
  const url = await cli.url();
  expect(await readiness(url)).toBe(503);
  expect(await ask(url)).toBe(401);
  const server = new CliProcess(["start-runner-server", "add-sub", "--socket", socket, "--workers", "1", "--token-file", "runner-token", "--isolation", "process"], { home, folder: home });
  await server.url();
  await eventually(async () => (await readiness(url)) === 200);
  for (const token of ["old-one", "new-one"]) expect(await ask(url, { Authorization: `Bearer ${token}` })).toBe(200);
  expect(await ask(url, { Authorization: "Bearer of-the-runner" })).toBe(401);
  server.signal("SIGTERM");
  await server.ended;
  expect(await readiness(url)).toBe(503);
  cli.signal("SIGTERM");
  const { code, stdout } = await cli.ended;
  expect(code).toBe(0);
  expect(stdout).toContain(`runs on unix:${socket}`);
  expect(stdout).toContain('-H "Authorization: Bearer $TOKEN"');
  expect(stdout).not.toMatch(/old-one|of-the-runner/);
});

test.each([
  [["start-http-server", "add-sub"], /Places are needed for the runners add-sub, and given for none: add --depends add-sub=url/],
  [["start-http-server", "add-sub", "--depends", "sub=http://127.0.0.1:1"], /A place is given for the runner "sub", the runners here are: add-sub/],
  [["serve", "add-sub", "--remote-runner", "nonsense"], /name=url/],
  [["serve", "add-sub", "--token-file", "gone"], /--token-file cannot be read/],
  [["serve", "add-sub", "--tls-cert", "api-tokens"], /give both --tls-cert and --tls-key/],
  [["serve", "add-sub", "--development"], /--development watches the file of a service/],
])("%j is one line", async (args, expected) => {
  const { code, stdout, stderr } = await runBuiltCli([...args, "--port", "0"], { home, folder: home });
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
  expect(stderr).toMatch(expected);
});
