import { writeFileSync } from "node:fs";
import { readDigits } from "./digit-set.js";
import { exportOnnx } from "./export-onnx.js";
import { trainNetwork, usualTraining } from "./train-network.js";

const [digitsPath, modelPath, ...rest] = process.argv.slice(2);

if (digitsPath === undefined || modelPath === undefined || rest.length > 0) {
  console.error("Usage: train <training.csv> <model.onnx>");
  process.exitCode = 2;
} else {
  const start = performance.now();
  const network = trainNetwork(readDigits(digitsPath), usualTraining, (epoch, meanLoss) => {
    console.log(`epoch ${epoch}: loss ${meanLoss.toFixed(4)}`);
  });
  const model = exportOnnx(network);
  writeFileSync(modelPath, model);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${modelPath}: ${model.length} bytes after ${seconds} s`);
}
