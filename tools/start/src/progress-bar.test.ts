import { expect, test } from "vitest";
import { renderBar } from "./progress-bar.js";

test.each([
  [0, "░░░░░░░░   0 %"],
  [0.5, "████░░░░  50 %"],
  [0.0625, "▌░░░░░░░   6 %"],
  [0.999, "███████▉  99 %"],
  [1, "████████ 100 %"],
])("a share of %d", (share, bar) => {
  expect(renderBar(share, 8)).toBe(bar);
});
