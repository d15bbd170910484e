import { createRequire } from "node:module";
import { ModelStore } from "bentoml-core";
import { saveModel } from "bentoml-tfjs";

const require = createRequire(import.meta.url);

/** Callers that each wait for their answer before they ask again. */
export const callers = 32;

/** Long enough for hundreds of batches, many times in turns, so that what else the machine does hits both alike. */
const roundMs = 1_000;
const rounds = 5;

/**
 * @typedef {object} Ratio
 * @property {string} model
 * @property {string} backend
 * @property {number} batched Rows per second, the median of the rounds.
 * @property {number} unbatched
 * @property {number} ratio The median of the rounds' ratios.
 */

/**
 * How many rows per second a runner with one worker answers with batches and without, by model and backend.
 *
 * @param {readonly ("tensorflow" | "wasm" | "cpu")[]} backends
 * @param {string} storeFolder
 * @returns {Promise<Ratio[]>}
 */
export async function batchingRatios(backends, storeFolder) {
  const store = new ModelStore(storeFolder);
  const models = await batchedModels(store);
  const ratios = [];
  for (const { name, model, row } of models) {
    for (const backend of backends) ratios.push({ model: name, backend, ...(await ratioOf(model, backend, row)) });
  }
  return ratios;
}

/**
 * Small models that batch, saved, and a row for each.
 *
 * @param {ModelStore} store
 * @returns {Promise<{ name: string, model: import("bentoml-tfjs").TfjsModel, row: Float32Array }[]>}
 */
export async function batchedModels(store) {
  const tf = require("@tensorflow/tfjs-core");
  const { sequential, layers } = require("@tensorflow/tfjs-layers");
  require("@tensorflow/tfjs-backend-cpu");
  tf.enableProdMode();
  await tf.setBackend("cpu");
  const dense = sequential({ layers: [layers.dense({ units: 256, inputShape: [128], activation: "relu" }), layers.dense({ units: 256, activation: "relu" }), layers.dense({ units: 10 })] });
  const convolutional = sequential({
    layers: [
      layers.conv2d({ filters: 8, kernelSize: 3, inputShape: [28, 28, 1], activation: "relu" }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 16, kernelSize: 3, activation: "relu" }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 10 }),
    ],
  });
  return [
    { name: "three dense layers", model: await saveModel("dense", dense, { store }), row: new Float32Array(128).fill(0.5) },
    { name: "two convolutions", model: await saveModel("convolutional", convolutional, { store }), row: new Float32Array(28 * 28).fill(0.5) },
  ];
}

/**
 * @param {import("bentoml-tfjs").TfjsModel} model
 * @param {"tensorflow" | "wasm" | "cpu"} backend
 * @param {Float32Array} row
 */
async function ratioOf(model, backend, row) {
  const batching = model.toRunner({ backend, workers: 1 });
  const single = model.toRunner({ backend, workers: 1, batchingStrategy: "off" });
  for (const runner of [batching, single]) await rowsPerSecond(runner, row);
  const measured = [];
  for (let round = 0; round < rounds; round++) measured.push({ batched: await rowsPerSecond(batching, row), unbatched: await rowsPerSecond(single, row) });
  await Promise.all([batching.destroy(), single.destroy()]);
  return {
    batched: Math.round(median(measured.map(({ batched }) => batched))),
    unbatched: Math.round(median(measured.map(({ unbatched }) => unbatched))),
    ratio: Number(median(measured.map(({ batched, unbatched }) => batched / unbatched)).toFixed(2)),
  };
}

/**
 * @param {import("bentoml-tfjs").TfjsRunner} runner
 * @param {Float32Array} row
 */
async function rowsPerSecond(runner, row) {
  await runner.run(row);
  let rows = 0;
  const begin = performance.now();
  const ask = async () => {
    for (; performance.now() - begin < roundMs; rows++) await runner.run(row);
  };
  await Promise.all(Array.from({ length: callers }, ask));
  return (rows * 1_000) / (performance.now() - begin);
}

/** @param {readonly number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
