import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Adapter } from "bentoml-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LeftOut } from "./ability.js";
import { AdapterContractError } from "./contract-error.js";
import { testAdapter } from "./test-adapter.js";

let packageFolder = "";
beforeAll(() => {
  packageFolder = mkdtempSync(join(tmpdir(), "test-adapter-"));
  writeFileSync(join(packageFolder, "package.json"), JSON.stringify({ name: "bentoml-nothing" }));
});
afterAll(() => rmSync(packageFolder, { recursive: true }));

const sample = { name: "one", calls: [{ args: () => [1], expected: 1 }] };
const noAdapter = (): Adapter<unknown, object, object> => {
  throw new Error("not before a test runs");
};

function defined(leftOut: LeftOut, withSkip: boolean): { tests: string[]; skipped: string[] } {
  const tests: string[] = [];
  const skipped: string[] = [];
  const record = (name: string): void => void tests.push(name);
  const recorder = withSkip ? Object.assign(record, { skip: (name: string) => skipped.push(name) }) : record;
  testAdapter({ test: recorder, adapter: noAdapter, packageFolder, models: [sample], leftOut });
  return { tests, skipped };
}

test("every law is a test of its own, whose name says it once", () => {
  const { tests } = defined({}, true);
  expect(tests.length).toBeGreaterThan(40);
  expect(new Set(tests).size).toBe(tests.length);
});

test("what is left out is skipped with its reason, and nothing disappears", () => {
  const all = defined({}, true).tests;
  const { tests, skipped } = defined({ batching: "images differ in size", saves: "the models are on a server" }, true);
  expect(tests.length + skipped.length).toBe(all.length);
  expect(skipped).toContain("calls that share a batch get the answers that they get alone (left out: images differ in size)");
  expect(skipped.filter((name) => name.endsWith("(left out: the models are on a server)")).length).toBeGreaterThan(2);
});

test("a test function without skip gets tests that name the reason", () => {
  const { tests } = defined({ streams: "it answers once" }, false);
  expect(tests).toHaveLength(defined({}, true).tests.length);
  expect(tests).toContainEqual(expect.stringContaining("(left out: it answers once)"));
});

test("describe gets the name of the package", () => {
  const groups: string[] = [];
  testAdapter({ test: () => undefined, describe: (name) => groups.push(name), adapter: noAdapter, packageFolder, models: [sample] });
  expect(groups).toEqual(["bentoml-nothing keeps the adapter contract"]);
});

test.each([
  ["a folder without package.json", { packageFolder: join(tmpdir(), "no-such-folder") }, /no-such-folder.*packageFolder|packageFolder.*no-such-folder/],
  ["no samples", { models: [] }, /"models" is empty/],
  ["a sample without calls", { models: [{ name: "one", calls: [] }] }, /"one" has no calls/],
])("%s is refused at once", (_what, changes, message) => {
  const define = (): void => testAdapter({ test: () => undefined, adapter: noAdapter, packageFolder, models: [sample], ...changes });
  expect(define).toThrow(AdapterContractError);
  expect(define).toThrow(message);
});

test("a law whose sample is missing fails and says what to give", async () => {
  const runs = new Map<string, () => Promise<void>>();
  const adapter = { name: "bentoml-nothing", register: () => undefined } as unknown as Adapter<unknown, object, object>;
  testAdapter({ test: (name, run) => runs.set(name, run), adapter: () => adapter, packageFolder, models: [sample] });
  await expect(runs.get("keywords reach the inputs that they name")?.()).rejects.toThrow('No call has "keywords"');
  await expect(runs.get("a save that fails leaves nothing in the store")?.()).rejects.toThrow('Give "unsavable"');
  await expect(runs.get("a wrong dtype is refused before any worker, naming the input")?.()).rejects.toThrow("leftOut.wrongDtype");
});
