import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AdapterNotFoundError } from "../errors/index.js";
import type { ModelInfo } from "../models/index.js";
import { resolveAdapter } from "./resolve-adapter.js";

let root: string;
let project: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "resolve-adapter-")));
  project = join(root, "work", "project");
  mkdirSync(project, { recursive: true });
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function infoOf(module: string, adapter?: string): ModelInfo {
  return {
    name: "digits", version: "v1", module, labels: {}, options: {}, metadata: {},
    context: { frameworkName: "", frameworkVersions: {}, bentomlVersion: "", pythonVersion: "" },
    signatures: {}, apiVersion: "v1", creationTime: new Date(0), creationTimeText: "", adapter, files: undefined, node: {}, otherKeys: {},
  };
}

/** Writes a package whose entry would end the test if anything imported it. */
function install(folder: string, name: string, manifest: Record<string, unknown> = {}, entry = "index.js"): string {
  const path = join(folder, "node_modules", name);
  mkdirSync(dirname(join(path, entry)), { recursive: true });
  writeFileSync(join(path, entry), "throw new Error('imported');\n");
  writeFileSync(join(path, "package.json"), JSON.stringify({ name, main: entry, ...manifest }));
  return path;
}

const declaresOnnx = { bentoml: { adapter: "v1", pythonModules: ["bentoml.onnx"] } };

test("a model of Python finds its adapter by the convention, without importing it", () => {
  const folder = install(project, "bentoml-onnx", declaresOnnx);
  expect(resolveAdapter(infoOf("bentoml.onnx"), { projectFolder: project })).toEqual({
    packageName: "bentoml-onnx",
    entryUrl: pathToFileURL(join(folder, "index.js")).href,
    packageFolder: folder,
  });
});

test("the package that model.yaml names is taken when it declares itself, also a scoped one", () => {
  install(project, "@acme/bentoml-thing", { bentoml: { adapter: "v1", pythonModules: [] } });
  const found = resolveAdapter(infoOf("@acme/bentoml-thing", "@acme/bentoml-thing"), { projectFolder: project });
  expect(found.packageName).toBe("@acme/bentoml-thing");
});

test("node_modules are looked through upwards from the project, then beside the other folders, nearest first", () => {
  const beside = join(root, "cli", "deep");
  mkdirSync(beside, { recursive: true });
  const options = { projectFolder: project, besideFolders: [beside] };
  const besideCli = install(join(root, "cli"), "bentoml-onnx", declaresOnnx);
  expect(resolveAdapter(infoOf("bentoml.onnx"), options).packageFolder).toBe(besideCli);
  const above = install(join(root, "work"), "bentoml-onnx", declaresOnnx);
  expect(resolveAdapter(infoOf("bentoml.onnx"), options).packageFolder).toBe(above);
  const own = install(project, "bentoml-onnx", declaresOnnx);
  expect(resolveAdapter(infoOf("bentoml.onnx"), options).packageFolder).toBe(own);
});

test("an adapter of another name is found among the dependencies of the project", () => {
  mkdirSync(join(project, "src"));
  writeFileSync(join(project, "package.json"), JSON.stringify({ devDependencies: { "left-pad": "1", "bentoml-tfjs": "1" } }));
  install(project, "left-pad");
  install(project, "bentoml-tfjs", { bentoml: { adapter: "v1", pythonModules: ["bentoml.tensorflow", "bentoml.keras"] } });
  expect(resolveAdapter(infoOf("bentoml.keras"), { projectFolder: join(project, "src") }).packageName).toBe("bentoml-tfjs");
});

test("an installed package that is no dependency is not found by its declaration alone", () => {
  writeFileSync(join(project, "package.json"), "{}");
  install(project, "bentoml-tfjs", { bentoml: { adapter: "v1", pythonModules: ["bentoml.keras"] } });
  expect(() => resolveAdapter(infoOf("bentoml.keras"), { projectFolder: project })).toThrow("npm i bentoml-tfjs");
});

test.each([
  "/etc/evil", "./evil", "../evil", "file:///tmp/evil.js", "https://example.org/evil.js", "data:text/javascript,1", "node:fs", "fs",
  "worker_threads", "evil/sub", "@acme/evil/sub", "@acme", "evil\\..", "Evil", "", ".", "..", "node_modules", "evil\n", "a".repeat(215),
])("%j is never looked for, as module or as adapter", (name) => {
  for (const place of [join(project, "node_modules", name), join(project, name)]) {
    try {
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, "package.json"), JSON.stringify({ bentoml: { adapter: "v1", pythonModules: [name] }, main: "index.js" }));
      writeFileSync(join(place, "index.js"), "");
    } catch {
      // A name that the disk does not take.
    }
  }
  expect(() => resolveAdapter(infoOf(name), { projectFolder: project })).toThrow(AdapterNotFoundError);
  expect(() => resolveAdapter(infoOf(name, name), { projectFolder: project })).toThrow(AdapterNotFoundError);
  expect(() => resolveAdapter(infoOf("bentoml.onnx", name), { projectFolder: project })).toThrow("npm i bentoml-onnx onnxruntime-node");
});

test("a package that does not declare itself is not taken, and the error says what was tried", () => {
  install(project, "left-pad");
  install(project, "bentoml-onnx", { bentoml: { adapter: "v2", pythonModules: ["bentoml.onnx"] } });
  install(project, "bentoml-other", { bentoml: { adapter: "v1", pythonModules: ["bentoml.other"] } });
  writeFileSync(join(project, "package.json"), JSON.stringify({ dependencies: { "bentoml-other": "1" } }));
  let message = "";
  try {
    resolveAdapter(infoOf("bentoml.onnx", "left-pad"), { projectFolder: project });
  } catch (error) {
    expect(error).toBeInstanceOf(AdapterNotFoundError);
    message = (error as Error).message;
  }
  expect(message).toContain('left-pad is installed but does not declare "bentoml"');
  expect(message).toContain('bentoml-onnx is an adapter of version "v2"');
  expect(message).toContain("bentoml-other opens bentoml.other");
  expect(message).toContain("npm i bentoml-onnx onnxruntime-node");
  expect(message).toContain(project);
});

test.each([
  ["v2", "Update bentoml-core: npm i bentoml-core@latest."],
  ["v0", "Update bentoml-onnx: npm i bentoml-onnx@latest."],
])("an adapter of the contract %s is not taken, and the first advice is what to update", (adapter, cure) => {
  install(project, "bentoml-onnx", { bentoml: { adapter, pythonModules: ["bentoml.onnx"] } });
  install(project, "bentoml-other", { bentoml: { adapter: "v9", pythonModules: ["bentoml.other"] } });
  writeFileSync(join(project, "package.json"), JSON.stringify({ dependencies: { "bentoml-other": "1" } }));
  const find = (): unknown => resolveAdapter(infoOf("bentoml.onnx"), { projectFolder: project });
  expect(find).toThrow(AdapterNotFoundError);
  expect(find).toThrow(`whose module is "bentoml.onnx". ${cure} Install one: `);
});

test("a package that a stranger's model names is suggested with a warning only", () => {
  expect(() => resolveAdapter(infoOf("bentoml-rare", "bentoml-rare"), { projectFolder: project })).toThrow(
    "if you trust whoever made the model: npm i bentoml-rare",
  );
});

test.each<[unknown, string | undefined]>([
  ["./dist/index.js", "dist/index.js"],
  [{ ".": "./dist/index.js" }, "dist/index.js"],
  [{ import: "./dist/index.js", default: "./other.js" }, "dist/index.js"],
  [{ ".": { types: "./types.d.ts", browser: "./browser.js", node: { require: "./c.cjs", import: "./dist/index.js" } } }, "dist/index.js"],
  [{ ".": [{ browser: "./b.js" }, "./dist/index.js"] }, "dist/index.js"],
  [{ ".": { require: "./dist/index.js" } }, undefined],
  [{ "./sub": "./dist/index.js" }, undefined],
  ["../outside.js", undefined],
  ["./../outside.js", undefined],
  ["./missing.js", undefined],
  [null, undefined],
])("the entry for exports %j is %j", (exports, expected) => {
  const folder = install(project, "bentoml-onnx", { ...declaresOnnx, exports }, "dist/index.js");
  writeFileSync(join(folder, "..", "outside.js"), "");
  const find = (): string => resolveAdapter(infoOf("bentoml.onnx"), { projectFolder: project }).entryUrl;
  if (expected === undefined) expect(find).toThrow(AdapterNotFoundError);
  else expect(find()).toBe(pathToFileURL(join(folder, expected)).href);
});

test("a linked package of a workspace is found at its real place", () => {
  const real = join(root, "packages", "onnx");
  mkdirSync(real, { recursive: true });
  writeFileSync(join(real, "package.json"), JSON.stringify(declaresOnnx));
  writeFileSync(join(real, "index.js"), "");
  mkdirSync(join(project, "node_modules"));
  symlinkSync(real, join(project, "node_modules", "bentoml-onnx"));
  expect(resolveAdapter(infoOf("bentoml.onnx"), { projectFolder: project }).packageFolder).toBe(real);
});
