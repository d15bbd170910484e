import type { SeededRandom } from "@bentoml-tools/onnx-models";

/** Values that a careless reader takes for what it wants. */
const oddities: readonly (() => unknown)[] = [
  () => null,
  () => -1,
  () => 0,
  () => 0.5,
  () => 1e300,
  () => 2 ** 53,
  () => "",
  () => "NdArrayContainer",
  () => "DefaultContainer",
  () => "__proto__",
  () => [],
  () => ({}),
  () => [0, 0],
  () => [2 ** 31, 2 ** 31],
  () => true,
  () => ({ $: "ndarray", dtype: "float64", shape: [2], buffer: 1 }),
  () => ({ $: "map", entries: [[1, 2]] }),
  () => ({ $: "typed", class: "Float32Array", buffer: 1 }),
  () => ({ $: "bigint", hex: "-ff" }),
];

type JsonContainer = Record<string, unknown> | unknown[];

/** A copy of a JSON value with one to three places changed: a value swapped, a number moved, an entry dropped, doubled or renamed. */
export function mutateJson(original: unknown, random: SeededRandom): unknown {
  const root = { value: JSON.parse(JSON.stringify(original)) as unknown };
  for (let times = 1 + random.below(3); times > 0; times--) {
    const places = placesIn(root, []);
    const place = places[random.below(places.length)];
    if (place !== undefined) change(place.container, place.key, random);
  }
  return root.value;
}

interface Place {
  readonly container: JsonContainer;
  readonly key: string;
}

function placesIn(container: JsonContainer, found: Place[]): Place[] {
  for (const [key, value] of Object.entries(container)) {
    found.push({ container, key });
    if (typeof value === "object" && value !== null) placesIn(value as JsonContainer, found);
  }
  return found;
}

function change(container: JsonContainer, key: string, random: SeededRandom): void {
  const record = container as Record<string, unknown>;
  const value = record[key];
  switch (random.below(5)) {
    case 0:
      if (typeof value === "number") record[key] = value + random.below(17) - 8;
      else record[key] = oddities[random.below(oddities.length)]?.();
      return;
    case 1:
      if (Array.isArray(container)) container.splice(Number(key), 1);
      else Reflect.deleteProperty(container, key);
      return;
    case 2:
      if (Array.isArray(container)) container.push(value);
      else record[["$", "__proto__", "constructor", "keyword", "x"][random.below(5)] as string] = value;
      return;
    case 3:
      record[key] = { $: ["map", "set", "record", "typed", "ndarray", "date", "nothing"][random.below(7)], entries: [value], items: [value], buffer: 1, ms: value };
      return;
    default:
      record[key] = oddities[random.below(oddities.length)]?.();
  }
}
