/** Takes an item out of a few, the order of the others stays. False when it is not there. */
export function takeOut<Item>(items: Item[], item: Item): boolean {
  const place = items.indexOf(item);
  if (place >= 0) items.splice(place, 1);
  return place >= 0;
}
