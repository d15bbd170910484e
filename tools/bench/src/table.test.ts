import { expect, test } from "vitest";
import { compareRow } from "./comparison.js";
import { formatTable } from "./table.js";

test("medians, the spread of the comparison, the target and whether it is met", () => {
  const ratio = compareRow({ name: "small, 64 in flight", unit: "requests/s", kind: "ratio", target: { atLeast: 1.7 } }, [
    { ours: 50_000, other: 25_000 },
    { ours: 45_000, other: 30_000 },
    { ours: 48_123.4, other: 24_061.7 },
  ]);
  const difference = compareRow({ name: "lone caller", unit: "µs", kind: "difference", target: { atMost: 60 } }, [{ ours: 181.5, other: 100 }]);
  expect(formatTable([ratio, difference]).split("\n").map((line) => line.split(/ {2,}/))).toEqual([
    ["", "ours", "other", "unit", "compared (min to max)", "target", "met"],
    ["small, 64 in flight", "48,123", "25,000", "requests/s", "x 2.00 (1.50 to 2.00)", "at least 1.7", "yes"],
    ["lone caller", "182", "100", "µs", "81.5 (81.5 to 81.5) µs", "at most 60", "NO"],
  ]);
});
