import { statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { measureAccuracy } from "./accuracy.js";
import { readHeldOut } from "./held-out-data.js";
import { modelPath } from "./model-path.js";

describe("the committed model", () => {
  it("reads at least 97 % of the held-out digits", async () => {
    expect(await measureAccuracy(modelPath, readHeldOut())).toBeGreaterThanOrEqual(0.97);
  });

  it("takes less than 500 kB", () => {
    expect(statSync(modelPath).size).toBeLessThan(500_000);
  });
});
