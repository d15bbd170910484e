import type { SeededRandom } from "@bentoml-tools/onnx-models";

/** Puts the items in a random order, in place; each order is equally likely. */
export function shuffle<Item>(items: Item[], random: SeededRandom): void {
  for (let last = items.length - 1; last > 0; last--) {
    const chosen = random.below(last + 1);
    const [lastItem, chosenItem] = [items[last] as Item, items[chosen] as Item];
    items[last] = chosenItem;
    items[chosen] = lastItem;
  }
}
