import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { seededRandom } from "@bentoml-tools/onnx-models";
import { stratifiedSplit } from "./stratified-split.js";

const seed = 20;
const heldOutShare = 0.2;

/** scikit-learn's file may come as it ships, compressed, or unpacked. */
function readLines(path: string): string[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text.split("\n").filter((line) => line !== "");
}

function labelOf(line: string): string {
  return line.slice(line.lastIndexOf(",") + 1);
}

function writeLines(path: string, lines: readonly string[]): void {
  writeFileSync(path, lines.map((line) => `${line}\n`).join(""));
  console.log(`${path}: ${lines.length} digits`);
}

const [source, folder, ...rest] = process.argv.slice(2);

if (source === undefined || folder === undefined || rest.length > 0) {
  console.error("Usage: split-data <digits.csv or digits.csv.gz> <folder>");
  process.exitCode = 2;
} else {
  const random = seededRandom(seed);
  const split = stratifiedSplit(readLines(source), labelOf, heldOutShare, random);
  writeLines(join(folder, "training.csv"), split.training);
  writeLines(join(folder, "held-out.csv"), split.heldOut);
}
