import type { SeededRandom } from "@bentoml-tools/onnx-models";
import { shuffle } from "./shuffle.js";

export interface Split<Item> {
  readonly training: Item[];
  readonly heldOut: Item[];
}

/**
 * Draws the held-out share of each class by chance, so that both parts have the
 * classes in the same proportions; each part keeps the order of the items.
 */
export function stratifiedSplit<Item>(
  items: readonly Item[],
  classOf: (item: Item) => string,
  heldOutShare: number,
  random: SeededRandom,
): Split<Item> {
  const heldOut = new Set<Item>();
  for (const members of groupByClass(items, classOf).values()) {
    shuffle(members, random);
    for (const item of members.slice(0, Math.round(members.length * heldOutShare))) {
      heldOut.add(item);
    }
  }
  return {
    training: items.filter((item) => !heldOut.has(item)),
    heldOut: items.filter((item) => heldOut.has(item)),
  };
}

function groupByClass<Item>(
  items: readonly Item[],
  classOf: (item: Item) => string,
): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const members = groups.get(classOf(item)) ?? [];
    members.push(item);
    groups.set(classOf(item), members);
  }
  return groups;
}
