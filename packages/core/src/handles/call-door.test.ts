import { expect, test } from "vitest";
import { VirtualClock } from "../clock/index.js";
import { Batcher } from "../batching/index.js";
import { Params } from "../containers/index.js";
import { NdArray } from "../ndarray/index.js";
import { Stager, type StagedArguments } from "../workers/index.js";
import { CallDoor } from "./call-door.js";
import type { MethodSpec } from "./method-spec.js";
import type { PoolCall, StagedPart } from "./pool-call.js";

const METHOD: MethodSpec = { name: "m", batchable: true, stream: false, batchDim: [0, 0], maxBatchSize: 7, maxLatencyMs: 60_000, idempotent: true };

test("a call is counted with the bytes that it holds: its rows, and the payloads of what is no tensor", () => {
  const clock = new VirtualClock();
  const batcher = new Batcher<StagedPart, unknown>({ name: "r", clock, maxQueueSize: 100, target: { workers: 1, idleWorkers: 0, start: () => undefined } });
  const door = new CallDoor({ runnerName: "r", clock, batcher, onAbandoned: () => undefined });
  const stager = new Stager({ batchable: true, batchDim: 0 }, 7, () => undefined);
  const enter = (staged: StagedArguments): void => {
    void door.enter(METHOD, staged, { firstRow: staged.firstRow, rows: staged.items, payloads: staged.payloads }, {});
  };
  enter(stager.stage(new Params([{ a: NdArray.zeros("float32", [5, 3]), b: NdArray.zeros("uint8", [5, 2, 2]) }])) as StagedArguments);
  expect(batcher.queuedBytes).toBe(5 * (3 * 4 + 4));
  enter(stager.stage(new Params([["a text of some bytes", "another"]])) as StagedArguments);
  expect(batcher.queuedBytes).toBeGreaterThan(80 + 27);
  expect(batcher.queuedBytes).toBeLessThan(80 + 27 + 100);
});

test("priorities are weights in the queue: places in a batch go 4 : 2 : 1", async () => {
  const clock = new VirtualClock();
  const batches: PoolCall[][] = [];
  const target = { workers: 1, idleWorkers: 1, start: ({ calls }: { calls: readonly PoolCall[] }) => void (batches.push([...calls]), (target.idleWorkers = 0)) };
  const batcher = new Batcher<StagedPart, unknown>({ name: "r", clock, maxQueueSize: 100, target });
  const door = new CallDoor({ runnerName: "r", clock, batcher, onAbandoned: () => undefined });
  const stager = new Stager({ batchable: true, batchDim: 0 }, 7, () => undefined);
  const staged = stager.stage(new Params([["item"]])) as StagedArguments;
  for (let round = 0; round < 7; round++) {
    for (const priority of ["low", undefined, "high"] as const) {
      void door.enter(METHOD, staged, { firstRow: 0, rows: 1, payloads: [] }, { priority, requestId: priority ?? "normal" });
    }
  }
  await clock.advance(0);
  const of = (name: string): number => (batches[0] ?? []).filter(({ requestId }) => requestId === name).length;
  expect([of("high"), of("normal"), of("low")]).toEqual([4, 2, 1]);
});
