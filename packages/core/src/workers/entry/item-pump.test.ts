import { expect, test } from "vitest";
import { VirtualClock } from "../../clock/index.js";
import { ItemPump, iterableOf } from "./item-pump.js";

/** A generator that says what happens to it. */
function counting(log: string[]): Generator<number> {
  return (function* () {
    try {
      for (let item = 0; ; item++) {
        log.push(`made ${String(item)}`);
        yield item;
      }
    } finally {
      log.push("finally");
    }
  })();
}

/** A pump with room for so many items, whose items have ten bytes. */
function pumping(items: number, bytes = Infinity) {
  const clock = new VirtualClock();
  const log: string[] = [];
  const sent: unknown[] = [];
  const pump = new ItemPump({
    clock,
    room: { items, bytes },
    send: (item) => {
      sent.push(item);
      return 10;
    },
    pause: () => log.push("pause"),
    resume: () => log.push("resume") > 0,
  });
  return { clock, log, sent, pump, turns: () => clock.advance(0) };
}

test("makes no more items than there is room for, and none at all without room", async () => {
  const { log, sent, pump, turns } = pumping(0);
  const run = pump.run(counting(log));
  await turns();
  expect(log).toEqual(["pause"]);
  pump.grant(2, 0);
  await turns();
  expect([sent, log]).toEqual([[0, 1], ["pause", "resume", "made 0", "made 1", "pause"]]);
  pump.grant(1, 0);
  await turns();
  expect(sent).toEqual([0, 1, 2]);
  pump.cancel();
  await run;
  expect(log.slice(-2)).toEqual(["resume", "finally"]);
});

test("bytes are bounded too; an item that is larger than the room travels alone", async () => {
  const { sent, log, pump, turns } = pumping(100, 5);
  const run = pump.run(counting(log));
  await turns();
  expect(sent).toEqual([0]);
  pump.grant(1, 5);
  await turns();
  expect(sent).toEqual([0]);
  pump.grant(0, 5);
  await turns();
  expect(sent).toEqual([0, 1]);
  pump.cancel();
  await run;
});

test("ends by itself, and passes an error on after the items before it", async () => {
  const ended = pumping(8);
  const whole = ended.pump.run(["a", "b"]);
  await ended.turns();
  await whole;
  expect(ended.sent).toEqual(["a", "b"]);
  const failing = pumping(8);
  const run = failing.pump.run(
    (async function* () {
      yield await Promise.resolve("a");
      throw new RangeError("no more");
    })(),
  );
  const failed = expect(run).rejects.toThrow(new RangeError("no more"));
  await failing.turns();
  await failed;
  expect(failing.sent).toEqual(["a"]);
});

test("a generator that never waits is stopped between two items", async () => {
  const { clock, log, pump } = pumping(1_000_000);
  const run = pump.run(counting(log));
  setImmediate(() => pump.cancel());
  await clock.advance(0);
  await run;
  expect(log.at(-1)).toBe("finally");
  expect(log.length).toBeLessThan(10);
});

test("what a generator throws because it was told to stop is not passed on, what its cleanup throws is", async () => {
  const stopped = pumping(8);
  let fail: (error: Error) => void = () => undefined;
  const aborting = stopped.pump.run(
    (async function* () {
      yield await new Promise<never>((_resolve, reject) => (fail = reject));
    })(),
  );
  await stopped.turns();
  stopped.pump.cancel();
  fail(new Error("aborted"));
  await aborting;
  const cleaning = pumping(1);
  const run = cleaning.pump.run(
    (function* () {
      try {
        yield 1;
      } finally {
        fail(JSON.parse("cannot clean up") as Error);
      }
    })(),
  );
  const failed = expect(run).rejects.toThrow(SyntaxError);
  await cleaning.turns();
  cleaning.pump.cancel();
  await failed;
});

test("an item that cannot be sent ends the generator", async () => {
  const log: string[] = [];
  const pump = new ItemPump({ clock: new VirtualClock(), room: { items: 8, bytes: 8 }, send: () => Promise.reject(new Error("cannot be sent")) });
  await expect(pump.run(counting(log))).rejects.toThrow("cannot be sent");
  expect(log).toEqual(["made 0", "finally"]);
});

test.each([
  { result: "text", message: /returned a string/ },
  { result: undefined, message: /returned undefined/ },
  { result: { a: 1 }, message: /returned an object that is not iterable/ },
])("$result is nothing to iterate", ({ result, message }) => {
  expect(() => iterableOf(result, "chat")).toThrow(message);
  expect(() => iterableOf(result, "chat")).toThrow(/async \*chat/);
});
