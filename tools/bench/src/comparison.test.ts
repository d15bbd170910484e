import { expect, test } from "vitest";
import { compareRow } from "./comparison.js";

test("ratios are taken within each round", () => {
  const rounds = [
    { ours: 200, other: 100 },
    { ours: 90, other: 30 },
    { ours: 1000, other: 250 },
  ];
  const row = compareRow({ name: "small", unit: "requests/s", kind: "ratio", target: { atLeast: 3.1 } }, rounds);
  expect(row.compared).toEqual({ median: 3, min: 2, max: 4 });
  expect(row.ours.median).toBe(200);
  expect(row.met).toBe(false);
});

test("a row about ours alone shows the other, and does not compare with it", () => {
  const row = { name: "mean batch", unit: "items", kind: "ours", target: { atLeast: 12 } } as const;
  expect(compareRow(row, [{ ours: 12, other: 100 }, { ours: 14, other: 100 }])).toMatchObject({ compared: { median: 13, min: 12 }, other: { median: 100 }, met: true });
});

test("a difference may be limited from above", () => {
  const row = { name: "lone caller", unit: "µs", kind: "difference", target: { atMost: 60 } } as const;
  expect(compareRow(row, [{ ours: 160, other: 100 }])).toMatchObject({ compared: { median: 60 }, met: true });
  expect(compareRow(row, [{ ours: 161, other: 100 }])).toMatchObject({ compared: { median: 61 }, met: false });
});
