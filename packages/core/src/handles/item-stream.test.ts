import { expect, test } from "vitest";
import { ItemStream, type ItemSource } from "./item-stream.js";

/** A source that only says what it is told. */
class LoggingSource implements ItemSource<string> {
  readonly log: string[] = [];
  readonly stream: ItemStream<string> = new ItemStream(this);
  start = (): unknown => this.log.push("start");
  wanted = (): unknown => this.log.push("wanted");
  satisfied = (): unknown => this.log.push("satisfied");
  cancel = (): unknown => this.log.push("cancel");
  read(item: string): unknown {
    if (item === "unreadable") throw new Error("cannot be read");
    return item === "later" ? Promise.resolve("read later") : item;
  }
}

const done = { done: true, value: undefined };
const item = (value: string): object => ({ done: false, value });

test("begins with the first next, and one that leaves before that never begins", async () => {
  const { stream, log } = new LoggingSource();
  expect(log).toEqual([]);
  const first = stream.next();
  expect(log).toEqual(["start", "wanted"]);
  stream.push("a");
  expect(await first).toEqual(item("a"));
  expect(log.at(-1)).toBe("satisfied");
  const unread = new LoggingSource();
  expect(await unread.stream.return()).toEqual(done);
  expect(await unread.stream.next()).toEqual(done);
  expect(unread.log).toEqual([]);
});

test("items that wait and readers that wait meet in their order", async () => {
  const { stream, log } = new LoggingSource();
  const readers = [stream.next(), stream.next()];
  for (const value of ["a", "b", "later", "d"]) stream.push(value);
  expect(await Promise.all([...readers, stream.next(), stream.next()])).toEqual([item("a"), item("b"), item("read later"), item("d")]);
  expect(log).toEqual(["start", "wanted", "wanted", "satisfied"]);
  const last = stream.next();
  stream.end();
  expect([await last, await stream.next()]).toEqual([done, done]);
});

test("an error comes after the items before it, once, and then the stream is done", async () => {
  const { stream } = new LoggingSource();
  const first = stream.next();
  stream.push("a");
  stream.push("b");
  stream.fail(new RangeError("no more"));
  expect([await first, await stream.next()]).toEqual([item("a"), item("b")]);
  await expect(stream.next()).rejects.toThrow(new RangeError("no more"));
  expect(await stream.next()).toEqual(done);
});

test("an error reaches the first of the readers who wait; the others are done", async () => {
  const { stream } = new LoggingSource();
  const readers = Promise.allSettled([stream.next(), stream.next()]);
  stream.fail("reason");
  expect(await readers).toEqual([{ status: "rejected", reason: "reason" }, { status: "fulfilled", value: done }]);
});

test("what is discarded never reaches the reader", async () => {
  const { stream } = new LoggingSource();
  const first = stream.next();
  stream.push("a");
  stream.push("b");
  stream.discard();
  stream.fail(new Error("given up"));
  await first;
  await expect(stream.next()).rejects.toThrow("given up");
});

test("return cancels the source and waits for its end; items that come meanwhile are dropped", async () => {
  const { stream, log } = new LoggingSource();
  const waiting = stream.next();
  let left = false;
  const leaving = stream.return().then(() => (left = true));
  expect(await waiting).toEqual(done);
  stream.push("too late");
  expect([left, log]).toEqual([false, ["start", "wanted", "cancel"]]);
  const again = stream.return();
  stream.end();
  await Promise.all([leaving, again]);
  expect([await stream.next(), await stream.return(), log.length]).toEqual([done, done, 3]);
});

test("what goes wrong while the generator returns reaches the one who leaves", async () => {
  const { stream } = new LoggingSource();
  void stream.next();
  const leaving = stream.return();
  stream.fail(new Error("cannot clean up"));
  await expect(leaving).rejects.toThrow("cannot clean up");
});

test("throw stops the stream and rejects with its error; a loop that breaks off returns", async () => {
  const thrown = new LoggingSource();
  void thrown.stream.next();
  const throwing = expect(thrown.stream.throw(new Error("mine"))).rejects.toThrow("mine");
  thrown.stream.end();
  await throwing;
  const broken = new LoggingSource();
  broken.cancel = () => broken.stream.end();
  const reading = (async () => {
    for await (const value of broken.stream) return value;
    return "none";
  })();
  broken.stream.push("a");
  expect(await reading).toBe("a");
  expect(broken.stream.isOpen).toBe(false);
});

test("an item that cannot be read is the end of the stream", async () => {
  const { stream, log } = new LoggingSource();
  const first = stream.next();
  stream.push("unreadable");
  stream.push("b");
  await expect(first).rejects.toThrow("cannot be read");
  expect(log.at(-1)).toBe("cancel");
  stream.end();
  expect(await stream.next()).toEqual(done);
});
