import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LockWord } from "./lock-word.js";

test("an idle worker can enter and leave, and be closed between runs", () => {
  const lock = new LockWord();
  expect(lock.tryEnter()).toBe(true);
  lock.leave();
  expect(lock.tryEnter()).toBe(true);
  lock.leave();
  expect(lock.tryClose()).toBe(true);
});

test("with several runs at once it can be closed after the last one", () => {
  const lock = new LockWord();
  for (let run = 0; run < 3; run++) expect(lock.tryEnter()).toBe(true);
  for (let run = 0; run < 3; run++) {
    expect([lock.tryClose(), lock.closeWithin(0)]).toEqual([false, false]);
    lock.leave();
  }
  expect([lock.tryClose(), lock.tryClose(), lock.tryEnter()]).toEqual([true, true, false]);
});

test("a run that leaves twice does not count for another one", () => {
  const lock = new LockWord();
  lock.leave();
  expect([lock.tryEnter(), lock.tryClose()]).toEqual([true, false]);
});

test("entering, leaving and closing keep their law in any order", () => {
  const step = fc.constantFrom("enter" as const, "leave" as const, "close" as const);
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const lock = new LockWord();
      let runs = 0;
      let closed = false;
      for (const what of steps) {
        if (what === "enter") {
          expect(lock.tryEnter()).toBe(!closed);
          if (!closed) runs++;
        } else if (what === "leave") {
          lock.leave();
          runs = Math.max(runs - 1, 0);
        } else {
          expect(lock.tryClose()).toBe(closed || runs === 0);
          closed ||= runs === 0;
        }
      }
    }),
  );
});

test("a running worker cannot be closed; a closed one cannot run, not even after leave", () => {
  const lock = new LockWord();
  lock.tryEnter();
  expect(lock.tryClose()).toBe(false);
  lock.leave();
  expect(lock.tryClose()).toBe(true);
  lock.leave();
  expect(lock.tryEnter()).toBe(false);
});

test("closing waits for a run in another thread, and gives up after its limit", async () => {
  const lock = new LockWord();
  lock.tryEnter();
  expect(lock.closeWithin(5)).toBe(false);
  const leaver = new Worker(
    `const { workerData, parentPort } = require("node:worker_threads");
     const word = new Int32Array(workerData);
     parentPort.once("message", () => {
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
       Atomics.compareExchange(word, 0, 1, 0);
       Atomics.notify(word, 0);
     });
     parentPort.postMessage("ready");`,
    { eval: true, workerData: lock.memory },
  );
  await new Promise((resolve) => leaver.once("message", resolve));
  leaver.postMessage("leave");
  expect(lock.closeWithin(10_000)).toBe(true);
  expect(lock.tryEnter()).toBe(false);
  await leaver.terminate();
});

test("a sealed word counts as closed", () => {
  const lock = new LockWord();
  lock.tryEnter();
  lock.seal();
  expect([lock.closeWithin(0), lock.tryEnter()]).toEqual([true, false]);
});
