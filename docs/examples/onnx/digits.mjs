/**
 * Digits from their pixels: each of many callers gives one, and few runs of the model answer them all, in worker threads.
 *
 *     node docs/examples/onnx/digits.mjs
 *
 * The model goes into the store under $BENTOML_HOME.
 */
import { subscribe } from "node:diagnostics_channel";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { isBentoMLError } from "bentoml-core";
import * as onnx from "bentoml-onnx";

const model = new URL("../../../tools/digits/model/digits.onnx", import.meta.url);
const heldOut = new URL("../../../tools/digits/data/held-out.csv", import.meta.url);

// What the engine tells of the graph is kept with the model: "image" float32 [batch, 1, 8, 8], "probabilities" float32 [batch, 10].
const { tag } = await onnx.saveModel("digits", fileURLToPath(model), { labels: { purpose: "example" } });

// Workers start with the first call; at most 64 calls share a run.
const runner = onnx.get(tag).toRunner({ maxBatchSize: 64 });

// What batches there are is told on a channel, which metrics and traces are made from as well.
let runs = 0;
subscribe("bentoml:batch", () => runs++);

/** @param {Float32Array} pixels 64 of them, 0 (paper) to 16 (ink). */
async function readDigit(pixels) {
  const probabilities = await runner.run(pixels);
  const [row] = probabilities.toNested();
  return row.indexOf(Math.max(...row));
}

// All at once, as callers of a server are: their calls share runs of the model.
const digits = (await readFile(heldOut, "utf8")).trim().split("\n").map((line) => line.split(",").map(Number));
const answers = await Promise.all(digits.map((numbers) => readDigit(Float32Array.from(numbers.slice(0, 64)))));
const right = digits.filter((numbers, place) => numbers[64] === answers[place]).length;
console.log(`${right} of ${digits.length} digits are read right, in ${runs} runs of the model.`);

// A wrong call is refused before it reaches a batch, so it spoils nobody's answer.
try {
  await readDigit(new Float32Array(63));
} catch (error) {
  if (!isBentoMLError(error)) throw error;
  console.log(`${error.code}: ${error.message}`);
}

await runner.destroy();
