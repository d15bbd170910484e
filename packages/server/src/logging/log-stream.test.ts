import { Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { LogLines } from "./log-stream.js";

const MIB = 1024 * 1024;
const tellDropped = (count: number): string => `${String(count)} dropped`;

/** A stream that takes what it is given only when the test says so. */
class SlowStream extends Writable {
  readonly written: string[] = [];
  #take: (() => void) | undefined;

  constructor() {
    super({ highWaterMark: 16, decodeStrings: false });
  }

  override _write(text: string, _encoding: string, done: () => void): void {
    this.written.push(text);
    this.#take = done;
  }

  async takeAll(): Promise<void> {
    while (this.#take !== undefined) {
      const take = this.#take;
      this.#take = undefined;
      take();
      await nextTurn();
    }
  }
}

test("the lines of one turn are one write", async () => {
  const written: string[] = [];
  const lines = new LogLines({ write: (text) => written.push(text) }, tellDropped);
  lines.add("one");
  lines.add("two");
  expect(written).toEqual([]);
  await nextTurn();
  expect(written).toEqual(["one\ntwo\n"]);
  lines.add("three");
  await nextTurn();
  expect(written).toEqual(["one\ntwo\n", "three\n"]);
});

test("a slow stream gets no more until it wants more, and all of it then", async () => {
  const stream = new SlowStream();
  const lines = new LogLines(stream, tellDropped);
  lines.add("a line that is longer than the mark");
  await nextTurn();
  lines.add("two");
  await nextTurn();
  lines.add("three");
  await nextTurn();
  expect([stream.written.length, stream.writableLength]).toEqual([1, 36]);
  await stream.takeAll();
  expect(stream.written.join("")).toBe("a line that is longer than the mark\ntwo\nthree\n");
});

test("what waits is bounded; dropped lines are counted and told of", async () => {
  const stream = new SlowStream();
  const lines = new LogLines(stream, tellDropped);
  const line = "x".repeat(1023);
  lines.add(line);
  await nextTurn();
  for (let count = 0; count < 3000; count++) lines.add(line);
  expect(stream.writableLength).toBe(1024);
  await stream.takeAll();
  const text = stream.written.join("");
  expect(text.length).toBeGreaterThan(MIB - 2048);
  expect(text.length).toBeLessThan(MIB + 2048);
  const kept = text.split("\n").filter((candidate) => candidate === line).length;
  expect(text.endsWith(`\n${String(3001 - kept)} dropped\n`)).toBe(true);
  lines.add("again");
  await nextTurn();
  await stream.takeAll();
  expect(stream.written.at(-1)).toBe("again\n");
});

test("the end gives all that waits, also to a stream that wants no more", async () => {
  const stream = new SlowStream();
  const lines = new LogLines(stream, tellDropped);
  lines.add("the first line is long");
  await nextTurn();
  lines.add("last");
  lines.flush();
  await stream.takeAll();
  expect(stream.written.join("")).toBe("the first line is long\nlast\n");
  expect(stream.listenerCount("drain")).toBe(0);
});
