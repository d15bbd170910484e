import { createRequire } from "node:module";
import type * as Core from "@tensorflow/tfjs-core";
import type * as Layers from "@tensorflow/tfjs-layers";
import type { BackendName } from "bentoml-tfjs";

const require = createRequire(import.meta.url);

/** The copies that bentoml-tfjs loads as well. */
export const tf: typeof Core = require("@tensorflow/tfjs-core") as typeof Core;
export const layers: typeof Layers = require("@tensorflow/tfjs-layers") as typeof Layers;

/** Where `BENTOML_TFJS_NATIVE` is set, tfjs-node is there too, by `NODE_PATH`. */
export const tfjsBackends: readonly [BackendName, ...BackendName[]] = process.env["BENTOML_TFJS_NATIVE"] === undefined ? ["wasm", "cpu"] : ["tensorflow", "wasm", "cpu"];

/** Puts a backend in use, in which live models can be made. */
export async function useCpu(): Promise<void> {
  require("@tensorflow/tfjs-backend-cpu");
  // Otherwise it advertises tfjs-node.
  tf.enableProdMode();
  await tf.setBackend("cpu");
}
