/**
 * Takes an item out of a few that come and go, such as the batches that run; the order of the others stays. They are in an array and not in
 * a Set or Map for the reason that `LinkedList` gives.
 *
 * @returns false when it is not there.
 */
export function takeOut<Item>(items: Item[], item: Item): boolean {
  const place = items.indexOf(item);
  if (place >= 0) items.splice(place, 1);
  return place >= 0;
}
