/** Models of TensorFlow.js that are not trained: one for 4 measures, and one for 784 pixels, as the files that a converter writes. */
import { writeFileSync } from "node:fs";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";

// Otherwise it advertises tfjs-node.
tf.enableProdMode();
await tf.setBackend("cpu");

export const flowerModel = sequential({ layers: [layers.dense({ inputShape: [4], units: 3, activation: "softmax" })] });

const digits = sequential({ layers: [layers.dense({ inputShape: [784], units: 10, activation: "softmax" })] });
await digits.save(
  tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
    const weightsManifest = [{ paths: ["weights.bin"], weights: weightSpecs }];
    writeFileSync("model.json", JSON.stringify({ format: "layers-model", modelTopology, weightsManifest }));
    writeFileSync("weights.bin", new Uint8Array(/** @type {ArrayBuffer} */ (weightData)));
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: "JSON" } };
  }),
);
