import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bigMlpSizes, mlp, seededRandom, smallMlpSizes } from "@bentoml-tools/onnx-models";
import { ModelStore } from "bentoml-core";
import * as onnx from "bentoml-onnx";
import { resultsFolder } from "./results.js";

/** A model that is measured: "x", float32 [batch, inputSize], to "y", float32 [batch, outputSize]. */
export interface BenchModel {
  /** Its name in the store, too. */
  readonly name: "small" | "big";
  readonly inputSize: number;
  readonly outputSize: number;
  /** The .onnx file. */
  readonly path: string;
}

/** What `$BENTOML_HOME` is while a benchmark runs. */
export const storeFolder = join(resultsFolder, "store");

const sizes = { small: smallMlpSizes, big: bigMlpSizes };

/** Makes the file when it is not there yet: the big one has 80 MB. */
export function benchModel(name: BenchModel["name"]): BenchModel {
  const [inputSize = 0] = sizes[name];
  const outputSize = sizes[name].at(-1) ?? 0;
  const path = join(resultsFolder, "models", `mlp-${sizes[name].join("-")}.onnx`);
  if (!existsSync(path)) {
    mkdirSync(join(resultsFolder, "models"), { recursive: true });
    writeFileSync(`${path}.part`, mlp({ sizes: sizes[name] }));
    renameSync(`${path}.part`, path);
  }
  return { name, inputSize, outputSize, path };
}

/** An empty store with these models in it. */
export async function freshStore(models: readonly { readonly name: string; readonly path: string }[]): Promise<ModelStore> {
  rmSync(storeFolder, { recursive: true, force: true });
  const store = new ModelStore(storeFolder);
  for (const { name, path } of models) await onnx.saveModel(name, path, { store });
  return store;
}

/** Rows of values such as pixels have: 0 to 1, four decimals. */
export function someRows(count: number, rowSize: number): Float32Array {
  const random = seededRandom(7);
  return Float32Array.from({ length: count * rowSize }, () => Math.round(random.uniform() * 10_000) / 10_000);
}
