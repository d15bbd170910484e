import { expect, test } from "vitest";
import { LinkedList } from "./linked-list.js";

function listOf(...items: string[]) {
  const list = new LinkedList<string>();
  return { list, places: items.map((item) => list.add(item)) };
}

test("items stand in the order in which they came, whoever leaves", () => {
  const { list, places } = listOf("a", "b", "c", "d");
  list.remove(places[1]!);
  expect([...list]).toEqual(["a", "c", "d"]);
  list.remove(places[0]!);
  list.remove(places[3]!);
  expect([...list]).toEqual(["c"]);
  list.add("e");
  expect([...list]).toEqual(["c", "e"]);
  expect([list.size, list.first?.item]).toEqual([2, "c"]);
});

test("leaving twice does nothing, also for the only one", () => {
  const { list, places } = listOf("a");
  expect(list.remove(places[0]!)).toBe(true);
  expect(list.remove(places[0]!)).toBe(false);
  list.add("b");
  expect(list.remove(places[0]!)).toBe(false);
  expect([[...list], list.size]).toEqual([["b"], 1]);
});

test("who has left leads to nobody any more", () => {
  const { list, places } = listOf("a", "b", "c");
  list.remove(places[1]!);
  expect([places[1]!.before, places[1]!.after]).toEqual([undefined, undefined]);
});
