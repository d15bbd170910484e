import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createAdapter } from "./create-adapter.js";

let folder: string;
let printed: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "create-adapter-"));
  printed = "";
});
afterEach(() => rmSync(folder, { recursive: true }));

function create(...args: string[]): Promise<void> {
  return createAdapter(args, { folder, isInteractive: false, print: (text) => (printed += text) });
}

function filesOf(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test("no placeholder is left, and what is quoted stays JSON", async () => {
  await create("my-framework", "--description", 'Runs "my" models.', "--author", "Ada\\Lovelace", "--licence", "MIT");
  const target = join(folder, "bentoml-my-framework");
  const files = filesOf(target);
  expect(files.length).toBeGreaterThan(15);
  for (const file of files) expect(readFileSync(file, "utf8"), file).not.toMatch(/__\w+__/);
  const manifest: unknown = JSON.parse(readFileSync(join(target, "package.json"), "utf8"));
  expect(manifest).toMatchObject({ name: "bentoml-my-framework", description: 'Runs "my" models.', author: "Ada\\Lovelace", license: "MIT" });
  expect(readFileSync(join(target, "LICENSE"), "utf8")).toContain("MIT License");
  expect(existsSync(join(target, ".gitignore"))).toBe(true);
  expect(printed).toContain("npm test");
});

test("it is made for the version of core that it is released with, and no further than the next contract", async () => {
  await create("my-framework", "--yes");
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "bentoml-my-framework", "package.json"), "utf8"));
  expect(manifest).toMatchObject({ peerDependencies: { "bentoml-core": `>=${version} <1.0.0` }, devDependencies: { "bentoml-adapter-testkit": `^${version}` } });
});

test("a scoped package goes into a folder without the scope, or where it was told to", async () => {
  await create("@acme/one", "--yes");
  await create("two", "--folder", "deep/other");
  expect(existsSync(join(folder, "bentoml-one", "package.json"))).toBe(true);
  expect(existsSync(join(folder, "deep", "other", "package.json"))).toBe(true);
});

test("a folder with something in it is left as it is", async () => {
  mkdirSync(join(folder, "bentoml-one"));
  writeFileSync(join(folder, "bentoml-one", "notes.txt"), "mine");
  await expect(create("one")).rejects.toThrow("is not empty: give another folder with --folder");
  expect(readdirSync(folder)).toEqual(["bentoml-one"]);
  expect(readdirSync(join(folder, "bentoml-one"))).toEqual(["notes.txt"]);
});

test.each([
  [[], "Give the framework's name"],
  [["One"], '"One" is no name for a package'],
  [["one", "two"], "Give one name, not 2: one two."],
  [["one", "--licence", "GPL"], '--licence is "GPL": it must be Apache-2.0 or MIT.'],
  [["one", "--colour", "red"], "Unknown option '--colour'"],
])("%j is refused in words, and nothing is written", async (args, message) => {
  await expect(create(...args)).rejects.toThrow(message);
  expect(readdirSync(folder)).toEqual([]);
});

test("--help says how it is used", async () => {
  await create("--help");
  expect(printed).toContain("--licence <name>");
});
