import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Finding } from "./finding.js";
import { loadInChild, type LoadOutcome } from "./load-in-child.js";
import { packageFindings } from "./package-findings.js";

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "doctor-")));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function install(name: string, { within = folder, source = "", manifest = {} }: { within?: string; source?: string; manifest?: object } = {}): string {
  const path = join(within, "node_modules", name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "package.json"), JSON.stringify({ name, version: "1.2.3", main: "index.js", ...manifest }));
  writeFileSync(join(path, "index.js"), source);
  return path;
}

const adapter = { manifest: { bentoml: { adapter: "v1", pythonModules: [] } } };

/** What is found where loading ends so. Packages of the machine's own temporary folder do not count. */
async function found(outcome: LoadOutcome = { kind: "loaded" }): Promise<Finding[]> {
  return packageFindings([folder], () => Promise.resolve(outcome));
}

test("adapters are told by name, version and place; without one there is a line to install one", async () => {
  expect(await found()).toMatchObject([{ level: "warning", text: "no adapter is installed, so no model can be run", cure: expect.stringContaining("npm i bentoml-onnx") }]);
  const place = install("bentoml-echo", adapter);
  install("@acme/bentoml-thing", adapter);
  install("bentoml-core");
  install("bentoml-nothing");
  expect((await found()).map(({ level, text }) => [level, text])).toEqual([
    ["ok", `bentoml-core 1.2.3 in ${join(folder, "node_modules", "bentoml-core")}`],
    ["ok", `@acme/bentoml-thing 1.2.3 in ${join(folder, "node_modules", "@acme/bentoml-thing")}`],
    ["ok", `bentoml-echo 1.2.3 in ${place}`],
  ]);
});

test("an adapter of another contract is an error", async () => {
  install("bentoml-echo", { manifest: { bentoml: { adapter: "v2" } } });
  expect(await found()).toMatchObject([{ level: "error", text: 'bentoml-echo 1.2.3 is an adapter of version v2, this bentoml speaks v1', cure: expect.stringContaining("npm i bentoml-echo@latest") }]);
});

test("two copies of core are told with their places", async () => {
  install("bentoml-core");
  install("bentoml-core", { within: install("bentoml-echo", adapter) });
  expect((await found())[0]).toMatchObject({ level: "warning", text: expect.stringContaining("installed 2 times"), cure: expect.stringContaining("npm dedupe") });
});

test("a native library that an adapter needs and that is not there is an error; one that nobody needs is not looked for", async () => {
  install("bentoml-onnx", adapter);
  expect(await found()).toMatchObject([{ level: "ok" }, { level: "error", text: "onnxruntime-node, which bentoml-onnx needs, is not installed", cure: "npm i onnxruntime-node" }]);
});

test("TensorFlow.js does without its native part", async () => {
  install("bentoml-tfjs", adapter);
  expect((await found())[1]).toMatchObject({ level: "error" });
  install("@tensorflow/tfjs-core");
  expect((await found())[1]).toEqual({ area: "packages", level: "ok", text: "@tensorflow/tfjs-node is not installed; bentoml-tfjs takes @tensorflow/tfjs-core 1.2.3" });
});

test.each<[LoadOutcome, string]>([
  [{ kind: "crashed", signal: "SIGSEGV" }, "Install it anew for this machine"],
  [{ kind: "failed", message: "was compiled against a different Node.js version using NODE_MODULE_VERSION 93" }, "npm rebuild sharp"],
  [{ kind: "failed", message: "/lib/libm.so.6: version `GLIBC_2.38' not found" }, "take a newer one"],
  [{ kind: "failed", message: "binding.node: invalid ELF header" }, "is of another machine"],
  [{ kind: "failed", message: "Could not load the module" }, "npm i --include=optional sharp"],
])("a library that cannot be loaded is an error with its cure: %j", async (outcome, cure) => {
  install("bentoml-sharp-images", adapter);
  install("sharp");
  expect((await found(outcome)).at(-1)).toMatchObject({ level: "error", text: expect.stringContaining("sharp 1.2.3"), cure: expect.stringContaining(cure) });
  expect((await found()).at(-1)).toMatchObject({ level: "ok", text: expect.stringContaining("can be loaded") });
});

const sources: readonly (readonly [string, LoadOutcome | { kind: string; signal: unknown }])[] = [
  ["module.exports = 1;", { kind: "loaded" }],
  ["setInterval(() => undefined, 1000);", { kind: "loaded" }],
  ["throw new Error('no \\u0041 binding');", { kind: "failed", message: "no A binding" }],
  ["console.log('x'.repeat(1e6)); process.abort();", { kind: "crashed", signal: expect.any(String) }],
  ["process.exit(7);", { kind: "crashed", signal: "exit code 7" }],
];

test.each(sources)("what a library does to its process is told, and this one lives on: %s", async (source, outcome) => {
  const path = install("library", { source });
  expect(await loadInChild(pathToFileURL(join(path, "index.js")).href)).toEqual(outcome);
});
