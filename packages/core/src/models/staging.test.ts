import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isAlive, ownIdentity } from "./process-identity.js";
import { StagingFolder, sweepStaging, type AbandonedWork } from "./staging.js";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "staging-"));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const TWO_DAYS_S = 2 * 24 * 60 * 60;

/** A process id that was in use a moment ago and is not any more. */
function deadProcessId(): number {
  return spawnSync(process.execPath, ["--version"]).pid;
}

function leftBehind(owner: { pid: number; start: string; machine: string }, ageS = 0): string {
  const path = join(root, "tmp", `bentoml-js-${owner.pid}-${owner.start}-${owner.machine}-abcdef`);
  mkdirSync(join(path, "model"), { recursive: true });
  writeFileSync(join(path, "model", "weights.bin"), "half");
  writeFileSync(join(path, "model-name"), "digits");
  const time = new Date().getTime() / 1000 - ageS;
  utimesSync(path, time, time);
  return path;
}

function namesOf(works: readonly AbandonedWork[]): string[] {
  return works.map(({ name }) => name);
}

/** Sweeps and forgets at once. */
function sweepAll(): void {
  for (const work of sweepStaging(root)) work.forget();
}

test("this process is alive, and a finished one is not", () => {
  expect(isAlive(ownIdentity())).toBe(true);
  expect(isAlive({ ...ownIdentity(), pid: deadProcessId() })).toBe(false);
});

test("the folder of a process that is gone is swept, and the name that it worked on is told until it is forgotten", () => {
  const path = leftBehind({ ...ownIdentity(), pid: deadProcessId() });
  expect(namesOf(sweepStaging(root))).toEqual(["digits"]);
  expect(readdirSync(path)).toEqual(["model-name"]);
  const again = sweepStaging(root);
  expect(namesOf(again)).toEqual(["digits"]);
  again[0]?.forget();
  expect(existsSync(path)).toBe(false);
  expect(sweepStaging(root)).toEqual([]);
});

test.runIf(process.platform === "linux")("a process id that another process has now does not protect the folder", () => {
  const path = leftBehind({ ...ownIdentity(), start: "1" });
  sweepAll();
  expect(existsSync(path)).toBe(false);
});

test("the folder of a live process stays for a day", () => {
  const young = new StagingFolder(root);
  sweepAll();
  expect(existsSync(young.path)).toBe(true);
  const old = leftBehind(ownIdentity(), TWO_DAYS_S);
  sweepAll();
  expect(existsSync(old)).toBe(false);
  expect(existsSync(young.path)).toBe(true);
});

test("the folder of another machine or container stays for a day, because nobody here knows its processes", () => {
  const owner = { pid: deadProcessId(), start: "1", machine: "00000000" };
  const young = leftBehind(owner);
  sweepAll();
  expect(existsSync(young)).toBe(true);
  leftBehind(owner, TWO_DAYS_S);
  sweepAll();
  expect(existsSync(young)).toBe(false);
});

test("folders of others in tmp are left alone, and a name that is none is not told", () => {
  const path = leftBehind({ ...ownIdentity(), pid: deadProcessId() });
  writeFileSync(join(path, "model-name"), "../../etc");
  mkdirSync(join(root, "tmp", "bentoml-model-digits-x1y2"));
  expect(sweepStaging(root)).toEqual([]);
  expect(readdirSync(join(root, "tmp"))).toEqual(["bentoml-model-digits-x1y2"]);
});

test("a store that cannot be written to says so", () => {
  writeFileSync(join(root, "file"), "");
  expect(() => new StagingFolder(join(root, "file"))).toThrow(expect.objectContaining({ code: "STORE_NOT_WRITABLE" }));
});
