import { createServer } from "node:http";
import { mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { modelPath } from "@bentoml-tools/digits";
import { slow } from "@bentoml-tools/onnx-models";
import { ModelStore } from "bentoml-core";
import { saveModel } from "bentoml-onnx";
import { Pool } from "undici";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CliProcess, runBuiltCli, type CliResult } from "./served-cli.js";

let home: string;
let folder: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "bentoml-errors-"));
  folder = await mkdtemp(join(tmpdir(), "bentoml-project-"));
  await saveModel("digits:v1", modelPath, { store: new ModelStore(home) });
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
});

function expectOneLine({ code, stdout, stderr }: CliResult, text: RegExp): void {
  expect({ code, stdout, lines: stderr.trim().split("\n").length }, stderr).toEqual({ code: 1, stdout: "", lines: 1 });
  expect(stderr).toMatch(text);
  expect(stderr).not.toMatch(/\n\s+at /);
}

/** A model in the store whose model.yaml names another module. */
async function modelOfModule(name: string, module: string): Promise<void> {
  const original = join(home, "models", "digits", "v1");
  const changed = join(home, "models", name, "v1");
  await mkdir(changed, { recursive: true });
  const yaml = await readFile(join(original, "model.yaml"), "utf8");
  const without = yaml.replace(/^name:.*$/m, `name: ${name}`).replace(/^module:.*$/m, `module: ${JSON.stringify(module)}`).replace(/^node:[^]*$/m, "");
  await writeFile(join(changed, "model.yaml"), without);
  await writeFile(join(changed, "saved_model.onnx"), "");
  await writeFile(join(home, "models", name, "latest"), "v1");
}

test("an unknown tag names what there is", async () => {
  expectOneLine(await runBuiltCli(["serve", "digit:latest", "--port", "0"], { home }), /digit.*bentoml models list/);
});

test("a port that is taken says so, and leaves no process behind", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as AddressInfo;
  expectOneLine(await runBuiltCli(["serve", "digits", "--port", String(port)], { home }), new RegExp(`${String(port)}.*in use`));
  await new Promise((resolve) => other.close(resolve));
});

test("a model file that is broken is one line that names the model", async () => {
  const broken = await mkdtemp(join(tmpdir(), "bentoml-broken-"));
  await saveModel("digits:v1", modelPath, { store: new ModelStore(broken) });
  await truncate(join(broken, "models", "digits", "v1", "saved_model.onnx"), 1_000);
  expectOneLine(await runBuiltCli(["serve", "digits", "--port", "0"], { home: broken }), /digits:v1.*cannot be opened.*import it again/);
  await rm(broken, { recursive: true, force: true });
});

test("a truncated file fails at import with a clear line and leaves nothing in the store", async () => {
  const empty = await mkdtemp(join(tmpdir(), "bentoml-empty-"));
  const cut = join(folder, "cut.onnx");
  await writeFile(cut, (await readFile(modelPath)).subarray(0, 100_000));
  expectOneLine(await runBuiltCli(["models", "import", cut, "--name", "cut"], { home: empty }), /cut\.onnx|cut/);
  expect((await runBuiltCli(["models", "list", "-o", "json"], { home: empty })).stdout.trim()).toBe("[]");
  const left = await readdir(join(empty, "models")).catch(() => []);
  expect(left.filter((name) => name === "cut")).toEqual([]);
  await rm(empty, { recursive: true, force: true });
});

test.each([
  { what: "a path", module: "./evil" },
  { what: "an absolute path", module: "/tmp/evil.mjs" },
  { what: "a file URL", module: "file:///tmp/evil.mjs" },
  { what: "a data URL", module: "data:text/javascript,process.exit(99)" },
  { what: "a built-in module", module: "node:fs" },
  { what: "a package that is installed but declares no adapter", module: "evil-package" },
])("a module that is $what is refused, and nothing is imported", async ({ module }) => {
  const evil = join(folder, "node_modules", "evil-package");
  await mkdir(evil, { recursive: true });
  await writeFile(join(evil, "package.json"), JSON.stringify({ name: "evil-package", version: "1.0.0", main: "index.js" }));
  await writeFile(join(evil, "index.js"), "process.exit(99);");
  await writeFile(join(folder, "evil.mjs"), "process.exit(99);");
  await modelOfModule("stranger", module);
  expectOneLine(await runBuiltCli(["serve", "stranger", "--port", "0"], { home, folder }), /adapter/i);
});

test("a model of the Python original whose adapter is not installed says what to install", async () => {
  await modelOfModule("forest", "bentoml.sklearn");
  expectOneLine(await runBuiltCli(["serve", "forest", "--port", "0"], { home, folder }), /npm i \S*bentoml-sklearn/);
});

test("SIGTERM answers what was accepted and exits with 0; a second server can then take the port", async () => {
  const slowHome = await mkdtemp(join(tmpdir(), "bentoml-drain-"));
  await saveModel("slow", slow({ repeats: 60 }), { store: new ModelStore(slowHome) });
  const cli = new CliProcess(["serve", "slow", "--port", "0"], { home: slowHome });
  const pool = new Pool(await cli.url(), { connections: 16 });
  const body = JSON.stringify({ inputs: [{ name: "x", datatype: "FP32", shape: [1, 256], data: new Array<number>(256).fill(1) }] });
  const requests = Array.from({ length: 16 }, async () => {
    const { statusCode, body: answer } = await pool.request({ method: "POST", path: "/v2/models/slow/infer", body });
    await answer.dump();
    return statusCode;
  });
  await Promise.race(requests);
  cli.signal("SIGTERM");
  expect(await Promise.all(requests)).toEqual(new Array(16).fill(200));
  expect(await cli.ended).toMatchObject({ code: 0, signal: null });
  await pool.destroy();
  await rm(slowHome, { recursive: true, force: true });
});
