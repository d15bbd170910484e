import { randomInt } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KilledProcesses, type Moment, type Operation } from "./killed-process.testing.js";

const KILLS = 200;
const MOST_MODELS = 12;
/** Longer than any of the operations takes on a busy machine. */
const LONGEST_MS = 30;
const operations: readonly Operation[] = ["save", "import", "delete"];

/** What is drawn for a trial: whole numbers, of which the remainder chooses. */
interface Draw {
  readonly operation: number;
  readonly model: number;
  readonly byCount: boolean;
  readonly moment: number;
}

const number = fc.noBias(fc.nat(2 ** 30));
const draw: fc.Arbitrary<Draw> = fc.record({ operation: number, model: number, byCount: fc.noBias(fc.boolean()), moment: number });

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "killed-process-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test(`the store is whole after each of ${KILLS} kills at random moments`, async () => {
  const seed = Number(process.env["BENTOML_TEST_SEED"] ?? randomInt(2 ** 31));
  process.stdout.write(`BENTOML_TEST_SEED=${seed}\n`);
  const processes = new KilledProcesses(folder, "built");
  await processes.save("digits:first");
  const changes: Record<Operation, number> = { save: 0, import: 0, delete: 0 };
  for (const operation of operations) changes[operation] = await processes.changesOf(operation, operation === "import" ? "resnet:measured" : "digits:measured");

  const counts: Record<string, number> = {};
  let kills = 0;
  // More draws than kills, because some processes come to their end before their time does.
  for (const [trial, drawn] of fc.sample(draw, { seed, numRuns: 2 * KILLS }).entries()) {
    if (kills === KILLS) break;
    const { committed } = processes;
    const operation = operationFor(committed, drawn);
    const tag = operation === "delete" ? committed[drawn.model % committed.length]! : `${trial % 2 === 0 ? "digits" : "resnet"}:v${trial}`;
    const moment = momentFor(changes[operation], drawn);
    const { done, killed } = await processes.kill(operation, tag, moment);
    if (killed) kills++;
    const outcome = `${operation}: ${killed ? "killed" : "ended"}, ${done ? "done" : "not done"}, by ${"change" in moment ? "count" : "time"}`;
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  process.stdout.write(`${Object.entries(counts).sort().map(([outcome, count]) => `${outcome}: ${count}`).join("\n")}\n`);
  expect(kills).toBe(KILLS);
  for (const operation of operations) {
    for (const outcome of ["done", "not done"]) {
      // By time as well: of one kind alone there may be none, in one of a hundred runs.
      const ways = ["count", "time"].map((way) => counts[`${operation}: killed, ${outcome}, by ${way}`] ?? 0);
      expect(Math.max(...ways), `${operation}: killed, ${outcome}`).toBeGreaterThan(0);
    }
  }

  await processes.save("digits:zzz");
  await processes.expectSwept();
  expect(readFileSync(join(processes.store.root, "models", "digits", "latest"), "utf8")).toBe("zzz");
});

/** Deletes more when there is much, so that each check stays short. */
function operationFor(committed: readonly string[], drawn: Draw): Operation {
  if (committed.length <= 2) return operations[drawn.operation % 2]!;
  return committed.length >= MOST_MODELS ? "delete" : operations[drawn.operation % 3]!;
}

function momentFor(changes: number, drawn: Draw): Moment {
  return drawn.byCount ? { change: 1 + (drawn.moment % changes) } : { afterMs: (drawn.moment % (LONGEST_MS * 1000)) / 1000 };
}
