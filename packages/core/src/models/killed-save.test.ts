import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ModelStore, type SavedFacts } from "./index.js";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "killed-save-"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const facts: SavedFacts = { signatures: {}, frameworkName: "none", frameworkVersions: {}, apiVersion: "v1" };

/**
 * A process that saves a model and kills itself with SIGKILL before the `fatal`-th change that it makes to the disk. With
 * `fatal` 0 it lives, and prints how many changes there were.
 */
const SAVER = `
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
const [root, version, fatal] = [process.argv[2], process.argv[3], Number(process.argv[4])];
let changes = 0;
for (const target of [fs, fs.promises]) {
  for (const name of ["mkdirSync", "mkdtempSync", "writeFileSync", "renameSync", "rmSync", "rmdirSync", "fsyncSync", "open", "mkdir"]) {
    const original = target[name];
    if (typeof original !== "function") continue;
    target[name] = (...args) => {
      if (String(args[0]).startsWith(root) || typeof args[0] === "number") {
        changes++;
        if (changes === fatal) process.kill(process.pid, "SIGKILL");
      }
      return original(...args);
    };
  }
}
syncBuiltinESMExports();
const { ModelStore } = await import(${JSON.stringify(new URL("./index.ts", import.meta.url).href)});
await new ModelStore(root).create({ name: "digits:" + version, module: "none" }, async (draft) => {
  for (const file of ["a.bin", "b.bin"]) fs.writeFileSync(draft.pathOf(file), Buffer.alloc(100_000, version));
  return ${JSON.stringify(facts)};
});
console.log(changes);
`;

function runSaver(version: string, fatal: number): Promise<{ signal: string | null; output: string; errors: string }> {
  const script = join(root, "saver.mjs");
  writeFileSync(script, SAVER);
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const child = spawn(process.execPath, ["--conditions=bentoml-source", "--import", loader, script, root, version, String(fatal)]);
  let output = "";
  let errors = "";
  child.stdout.on("data", (data) => (output += String(data)));
  child.stderr.on("data", (data) => (errors += String(data)));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (_code, signal) => resolve({ signal, output, errors }));
  });
}

function save(store: ModelStore, version: string): Promise<unknown> {
  return store.create({ name: `digits:${version}`, module: "none" }, async (draft) => {
    writeFileSync(draft.pathOf("a.bin"), version);
    return facts;
  });
}

test("a save that is killed at any point leaves the store whole, and the next save cleans up", async () => {
  const store = new ModelStore(root);
  await save(store, "before");
  const whole = await runSaver("whole", 0);
  const changes = Number(whole.output);
  expect(changes, whole.errors).toBeGreaterThan(10);
  expect(String(store.get("digits"))).toBe("digits:whole");

  const committed = ["before", "whole"];
  for (let fatal = 1; fatal <= changes; fatal += Math.max(1, Math.floor(changes / 12))) {
    const version = `killed${fatal}`;
    const { signal, errors } = await runSaver(version, fatal);
    expect(signal, errors).toBe("SIGKILL");

    // All or nothing: the killed save either is there with all of its files, or cannot be seen at all.
    const versions = store.list("digits").map((model) => model.tag.version);
    if (versions.includes(version)) committed.push(version);
    expect(versions).toEqual([...committed].sort());
    for (const each of committed) expect((await store.verify(`digits:${each}`)).manifest).toBe("matches");
    expect(committed).toContain(store.get("digits").tag.version);
    expect(readdirSync(join(root, "models"))).toEqual(["digits"]);
  }
  expect(committed, "a kill before the commit must have hidden the model").not.toContain("killed1");

  expect(readdirSync(join(root, "tmp")).length).toBeGreaterThan(0);
  await save(store, "after");
  expect(readdirSync(join(root, "tmp"))).toEqual([]);
  expect(readFileSync(join(root, "models", "digits", "latest"), "utf8")).toBe("after");
}, 120_000);

test("a save of another name mends the latest file that a killed save left behind the times", async () => {
  const store = new ModelStore(root);
  await save(store, "before");
  const changes = Number((await runSaver("whole", 0)).output);
  store.delete("digits:whole");
  for (let fatal = changes; fatal > 0; fatal--) {
    await runSaver(`late${fatal}`, fatal);
    const isCommitted = store.list(`digits:late${fatal}`).length === 1;
    if (!isCommitted) throw new Error("No kill fell between the commit and the writing of latest.");
    if (store.get("digits").tag.version === `late${fatal}`) continue;
    await store.create({ name: "other", module: "none" }, async () => facts);
    expect(String(store.get("digits"))).toBe(`digits:late${fatal}`);
    return;
  }
}, 120_000);
