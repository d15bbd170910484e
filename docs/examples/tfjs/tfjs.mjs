/**
 * A classifier from nothing to many callers, all in Node.js: TensorFlow.js learns flowers from a table in this thread, and the model
 * that comes out is saved and called as a runner, in worker threads.
 *
 *     node docs/examples/tfjs/tfjs.mjs
 *
 * The model goes into the store under $BENTOML_HOME.
 */
import { readFile } from "node:fs/promises";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { initializers, layers, sequential } from "@tensorflow/tfjs-layers";
import * as tfjs from "bentoml-tfjs";

const speciesNames = ["setosa", "versicolor", "virginica"];
const flowers = await readFlowers(new URL("../iris/iris.csv", import.meta.url));
// Every fifth flower is held out: the model has not seen it.
const training = flowers.filter((_, row) => row % 5 !== 4);
const heldOut = flowers.filter((_, row) => row % 5 === 4);

const { tag } = await tfjs.saveModel("iris-tfjs", await learn(training));
const runner = tfjs.get(tag).toRunner();

// Many callers, one flower each, as it is on a server; they share batches.
const answers = await Promise.all(heldOut.map(({ measures }) => runner.run(Float32Array.from(measures))));
const right = answers.filter((answer, row) => nameOf(answer) === heldOut[row].species).length;
console.log(`${right} of ${heldOut.length} held-out flowers are classified right, on the backend "${runner.facts.backend}".`);

await runner.destroy();

/** Measures in cm to the probabilities of the species; what standardises them is a part of the model. */
async function learn(rows) {
  // Otherwise it advertises tfjs-node.
  tf.enableProdMode();
  await tf.setBackend("cpu");
  const model = sequential({
    layers: [
      layers.batchNormalization({ inputShape: [4], name: "measures" }),
      layers.dense({ units: 3, activation: "softmax", kernelInitializer: initializers.glorotUniform({ seed: 1 }) }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.05), loss: "categoricalCrossentropy" });
  const inputs = tf.tensor2d(rows.map(({ measures }) => measures));
  const targets = tf.oneHot(tf.tensor1d(rows.map(({ species }) => speciesNames.indexOf(species)), "int32"), speciesNames.length);
  await model.fit(inputs, targets, { epochs: 150, batchSize: rows.length, shuffle: false, verbose: 0 });
  return model;
}

/** @param {import("bentoml-core").NdArray} probabilities Of one flower. */
function nameOf(probabilities) {
  const [row] = probabilities.toNested();
  return speciesNames[row.indexOf(Math.max(...row))];
}

/** @param {URL} file */
async function readFlowers(file) {
  const [, ...lines] = (await readFile(file, "utf8")).trim().split("\n").map((line) => line.split(","));
  return lines.map((cells) => ({ measures: cells.slice(0, 4).map(Number), species: cells[4] }));
}
