import { getPriority } from "node:os";
import { expect, test } from "vitest";
import { DecoderThreads, decoderThreads, type ThreadList } from "./decoder-threads.js";

interface Thread {
  readonly name: string;
  niceness: number;
}

/** Threads by id; one without a name has ended since it was listed. */
function fake(threads: Record<number, Thread | undefined>): ThreadList & { readonly threads: Record<number, Thread | undefined>; looks: number } {
  const found = (id: number): Thread => {
    const thread = threads[id];
    if (thread === undefined) throw new Error("ESRCH");
    return thread;
  };
  return {
    threads,
    looks: 0,
    ids() {
      this.looks++;
      return Object.keys(threads).map(Number);
    },
    nameOf: (id) => found(id).name,
    nicenessOf: (id) => found(id).niceness,
    setNiceness: (id, niceness) => (found(id).niceness = niceness),
  };
}

test("threads of libvips get the niceness, unless they have more; others are left alone, and one that has ended is no trouble", () => {
  const list = fake({
    1: { name: "node", niceness: 0 },
    2: undefined,
    3: { name: "libvips worker", niceness: 0 },
    4: { name: "libvips worker", niceness: 15 },
  });
  new DecoderThreads(10, list).giveWay();
  expect(Object.values(list.threads).map((thread) => thread?.niceness)).toEqual([0, undefined, 10, 15]);
});

test("it looks once a second, and finds those that are new", () => {
  const list = fake({});
  const decoders = new DecoderThreads(10, list);
  decoders.giveWay(5_000);
  list.threads[7] = { name: "libvips worker", niceness: 0 };
  decoders.giveWay(5_999);
  expect([list.looks, list.threads[7].niceness]).toEqual([1, 0]);
  decoders.giveWay(6_000);
  expect([list.looks, list.threads[7].niceness]).toEqual([2, 10]);
});

test("one that is forbidden to does without", () => {
  const list = fake({ 3: { name: "libvips worker", niceness: 0 } });
  list.setNiceness = () => {
    throw new Error("EACCES");
  };
  expect(() => new DecoderThreads(10, list).giveWay()).not.toThrow();
});

test("beside a thread with the priority of its process they give way only by steps of their own", () => {
  expect(getPriority(0)).toBe(getPriority(process.pid));
  expect(decoderThreads(0)).toBeUndefined();
  if (process.platform === "linux") expect(decoderThreads(1)).toBeInstanceOf(DecoderThreads);
});
