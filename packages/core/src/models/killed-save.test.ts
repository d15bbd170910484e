import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KilledProcesses, type Operation } from "./killed-process.testing.js";

let folder: string;
let processes: KilledProcesses;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "killed-save-"));
  processes = new KilledProcesses(folder, "sources");
  await processes.save("digits:before");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

// The 200 random moments of the slow test, of which these are a sample.
test.each<[Operation]>([["save"], ["import"], ["delete"]])("a process that is killed in a %s leaves the store whole, and the next save cleans up", async (operation) => {
  if (operation === "delete") await processes.save("digits:first");
  const changes = await processes.changesOf(operation, "digits:first");
  const outcomes = new Set<boolean>();
  const between = fc.noBias(fc.integer({ min: 2, max: changes - 1 }));
  const moments = [1, changes, ...fc.sample(between, { seed: 20_261_122, numRuns: 4 })];
  for (const [index, change] of moments.entries()) {
    const tag = `digits:victim${index}`;
    if (operation === "delete") await processes.save(tag);
    const { done, killed } = await processes.kill(operation, tag, { change });
    expect(killed).toBe(true);
    outcomes.add(done);
  }
  expect([...outcomes].sort(), "some were killed before the commit, some after it").toEqual([false, true]);

  await processes.save("digits:zzz");
  await processes.expectSwept();
  expect(readFileSync(join(processes.store.root, "models", "digits", "latest"), "utf8")).toBe("zzz");
}, 120_000);

test("a save of another name mends the latest file that a killed save left behind the times", async () => {
  const changes = await processes.changesOf("save", "digits:whole");
  for (let change = changes; change > 0; change--) {
    const tag = `digits:late${change}`;
    const { done } = await processes.kill("save", tag, { change });
    if (!done) throw new Error("No kill fell between the commit and the writing of latest.");
    if (String(processes.store.get("digits")) === tag) continue;
    await processes.save("other:v1");
    expect(String(processes.store.get("digits"))).toBe(tag);
    return;
  }
}, 120_000);

test("what a killed process left is still known when the process that swept it is killed too", async () => {
  const root = processes.store.root;
  await processes.save("other:measured");
  const changes = await processes.changesOf("delete", "other:measured");
  await processes.save("other:only");
  for (let change = changes; ; change--) {
    const { done } = await processes.kill("delete", "other:only", { change });
    expect(done, "a kill falls between the deletion and the removal of the name's folder").toBe(true);
    if (existsSync(join(root, "models", "other"))) break;
    await processes.save("other:only");
  }
  const left = readdirSync(join(root, "tmp"));
  const isSwept = (): boolean => readdirSync(join(root, "tmp")).some((folder) => !left.includes(folder));
  for (let change = 1; !isSwept(); change++) expect(await processes.kill("save", "digits:second", { change })).toEqual({ done: false, killed: true });
  await processes.save("digits:third");
  await processes.expectSwept();
}, 120_000);
