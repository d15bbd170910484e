import { fileURLToPath } from "node:url";
import { ESLint } from "eslint";
import { beforeAll, expect, test, vi } from "vitest";

// The first text waits for the whole program to be read by the type checker.
vi.setConfig({ testTimeout: 60_000 });

let eslint: ESLint;

beforeAll(() => {
  eslint = new ESLint({ cwd: fileURLToPath(new URL("../../../..", import.meta.url)) });
});

/** The rules that the text breaks where it stood in that file (which must exist). */
async function brokenRules(filePath: string, text: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath });
  return [...new Set(result?.messages.map((message) => message.ruleId))].sort();
}

const boundary = "@nx/enforce-module-boundaries";
const core = "packages/core/src/index.ts";
const inRoom = "packages/core/src/batching/index.ts";
const onnx = "packages/onnx/src/index.ts";
const images = "packages/sharp-images/src/index.ts";
const server = "packages/server/src/index.ts";
const cli = "packages/cli/src/index.ts";
const testkit = "packages/adapter-testkit/src/index.ts";

test.each([
  [core, 'import "bentoml-server";'],
  [core, 'import "bentoml-onnx";'],
  [onnx, 'import "bentoml-server";'],
  [onnx, 'import "@bentoml-tools/digits";'],
  [images, 'import "bentoml-onnx";'],
  [server, 'import "bentoml-onnx";'],
  [server, 'import "bentoml";'],
  [cli, 'import "bentoml-onnx";'],
  [testkit, 'import "bentoml-onnx";'],
])("%s may not %s", async (file, text) => {
  expect(await brokenRules(file, text)).toEqual([boundary]);
});

test.each([
  [onnx, 'import "bentoml-core";'],
  [images, 'import "bentoml-core";'],
  [server, 'import "bentoml-core";'],
  [cli, 'import "bentoml-core";'],
  [cli, 'import "bentoml-server";'],
  [testkit, 'import "bentoml-core";'],
  ["packages/core/src/tag/tag.test.ts", 'import "@bentoml-tools/digits";'],
  ["tools/digits/src/index.ts", 'import "@bentoml-tools/onnx-models";'],
])("%s may %s", async (file, text) => {
  expect(await brokenRules(file, text)).toEqual([]);
});

test.each([
  ["setTimeout(() => undefined, 1);", "no-restricted-globals"],
  ["performance.now();", "no-restricted-globals"],
  ["Date.now();", "no-restricted-properties"],
  ["globalThis.setImmediate(() => undefined);", "no-restricted-properties"],
  ['import "node:timers/promises";', "no-restricted-imports"],
  ['import { performance as watch } from "node:perf_hooks";\nwatch.now();', "no-restricted-imports"],
])("core takes time from the clock only: %s", async (text, rule) => {
  expect(await brokenRules(inRoom, text)).toEqual([rule]);
  expect(await brokenRules("packages/core/src/clock/system-clock.ts", text)).toEqual([]);
});

test.each([
  ["await Promise.resolve();"],
  ["for await (const item of [Promise.resolve()]) { item; }"],
  ["await using lock = { [Symbol.asyncDispose]: async () => undefined };"],
  ['export * from "bentoml-core";'],
])("a package may not %s", async (text) => {
  expect(await brokenRules(onnx, text)).toContain("no-restricted-syntax");
});

test("awaiting inside a function is fine", async () => {
  expect(await brokenRules(onnx, "export async function wait(): Promise<void> {\n  await Promise.resolve();\n}\n")).toEqual([]);
});

test("only the command line writes to the console", async () => {
  expect(await brokenRules(server, 'console.log("x");')).toEqual(["no-console"]);
  expect(await brokenRules(cli, 'console.log("x");')).toEqual([]);
});

test("any is refused", async () => {
  expect(await brokenRules(server, "export const value: any = 1;")).toEqual(["@typescript-eslint/no-explicit-any"]);
});

test("a promise that nobody waits for is refused", async () => {
  expect(await brokenRules(server, "Promise.resolve(1);")).toEqual(["@typescript-eslint/no-floating-promises"]);
});
