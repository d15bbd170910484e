import type { AnyRunner } from "bentoml-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fixtureRunner, method } from "./fixtures.js";

interface PointsModule {
  readonly Points: new (list: readonly (readonly [number, number])[]) => { readonly list: readonly (readonly number[])[]; readonly furthest: number };
  register(): void;
}

let runner: AnyRunner;
let points: PointsModule;

beforeAll(async () => {
  // The very module that the workers import.
  points = (await import(new URL("../fixtures/points.mjs", import.meta.url).href)) as PointsModule;
  runner = fixtureRunner("geometry", "Geometry", { mirror: { batchable: true }, circle: {} }, undefined, { workers: 2 });
  await runner.init();
});
afterAll(() => runner.destroy());

test("a class without a container is refused on either side, by its name", async () => {
  await expect(method(runner, "mirror")(new points.Points([[1, 2]]))).rejects.toThrow(/an instance of Points, .* register a container for the class/);
  await expect(method(runner, "circle")(4)).rejects.toMatchObject({ code: "INVALID_RESULT", message: expect.stringContaining("an instance of Points") });
});

test("a container that is registered after the workers have started serves results in each of them", async () => {
  points.register();
  const circles = (await Promise.all([3, 4, 5, 6].map((count) => method(runner, "circle")(count)))) as InstanceType<PointsModule["Points"]>[];
  for (const circle of circles) expect(circle).toBeInstanceOf(points.Points);
  expect(circles.map(({ list }) => list.length)).toEqual([3, 4, 5, 6]);
  expect(circles[0]?.furthest).toBeCloseTo(1);
});

test("values of the class cross into a worker, join others there, and come back apart", async () => {
  const lists = [[[1, 2]], [[3, 4], [5, 6]], [[7, 8]]] as const;
  const mirrored = (await Promise.all(lists.map((list) => method(runner, "mirror")(new points.Points(list))))) as InstanceType<PointsModule["Points"]>[];
  expect(mirrored.map(({ list }) => list)).toEqual([[[2, 1]], [[4, 3], [6, 5]], [[8, 7]]]);
  for (const result of mirrored) expect(result).toBeInstanceOf(points.Points);
});

test("a worker that starts later knows the container from its first batch", async () => {
  const later = fixtureRunner("geometry", "Geometry", { mirror: { batchable: true }, circle: {} }, undefined, { workers: 1 });
  const result = (await method(later, "mirror")(new points.Points([[1, 2]]))) as InstanceType<PointsModule["Points"]>;
  expect(result.list).toEqual([[2, 1]]);
  await later.destroy();
});
