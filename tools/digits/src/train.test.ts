import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { trainNetwork, usualTraining } from "./train-network.js";
import { readTraining } from "./training-data.js";

/** The files of this folder that a file imports, directly or through others, itself included. */
function reachableFiles(path: string, found: Set<string> = new Set()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  const imports = readFileSync(path, "utf8").matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)\.js"/g);
  for (const [, specifier] of imports) reachableFiles(join(dirname(path), `${specifier}.ts`), found);
  return found;
}

describe("training", () => {
  it("has no code that knows of the held-out digits", () => {
    const files = [...reachableFiles(fileURLToPath(new URL("train.ts", import.meta.url)))];
    expect(files.length).toBeGreaterThan(10);
    const offenders = files.filter((path) => /held-?out/i.test(readFileSync(path, "utf8")));
    expect(offenders).toEqual([]);
  });

  it("gives the same weights for the same seed only", () => {
    const { images, labels } = readTraining();
    const few = { images: images.slice(0, 40 * 64), labels: labels.slice(0, 40), count: 40 };
    const weights = (seed: number): Float64Array =>
      trainNetwork(few, { ...usualTraining, seed, epochs: 1 }).secondDense.weights.values;
    expect(weights(1)).toEqual(weights(1));
    expect(weights(1)).not.toEqual(weights(2));
  });

  it("soon does better than guessing", () => {
    const { images, labels } = readTraining();
    const few = { images: images.slice(0, 100 * 64), labels: labels.slice(0, 100), count: 100 };
    const losses: number[] = [];
    trainNetwork(few, { ...usualTraining, epochs: 8 }, (_epoch, loss) => losses.push(loss));
    expect(losses).toHaveLength(8);
    // log(10) is the loss of a model that holds all ten digits equally likely.
    expect(losses[7]).toBeLessThan(Math.log(10));
  });
});
