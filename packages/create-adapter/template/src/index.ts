import { defineAdapter, type Adapter, type RunnerOptions } from "bentoml-core";
import type { ScoreModel } from "./engine.js";
import { MODEL_FILE, checkedModel, readModel, writeModel } from "./model-file.js";
import { prepare } from "./prepare.js";
import { Rows } from "./rows.js";
import { RowsContainer } from "./rows-container.js";
import { __Framework__Runnable } from "./runnable.js";
import type { __Framework__Runner } from "./runner.js";

export type { ScoreModel } from "./engine.js";
export { Rows } from "./rows.js";
export type { RowsInput, __Framework__Runner } from "./runner.js";

/** What the adapter package exports, as the command line and servers use it. */
export const adapter: Adapter<ScoreModel, object, object> = defineAdapter<ScoreModel>({
  name: "__package__",
  module: "__package__",
  pythonModules: [],
  apiVersion: "v1",
  layouts: ["v1"],
  moduleUrl: import.meta.url,
  containers: [{ singleType: Rows, batchType: Rows, container: new RowsContainer() }],
  prepare,
  runnable: (model) => ({
    module: new URL("./runnable.js", import.meta.url).href,
    export: "__Framework__Runnable",
    params: { path: model.pathOf(MODEL_FILE) },
    methods: __Framework__Runnable.methods,
  }),
  save: async (draft, native) => {
    const model = checkedModel(native);
    writeModel(draft.pathOf(MODEL_FILE), model);
    const run = {
      batchable: true,
      batchDim: [0, 0],
      inputSpec: [{ name: "rows", dtype: "float32", shape: ["batch", model.weights.length] }],
      outputSpec: [{ name: "scores", dtype: "float32", shape: ["batch"] }],
    } as const;
    return { signatures: { run }, frameworkName: "__framework__", frameworkVersions: {}, apiVersion: "v1" };
  },
  load: async (model) => readModel(model.pathOf(MODEL_FILE)),
});

/** A stored model of __Title__. */
export interface __Framework__Model extends Omit<ReturnType<typeof adapter.get>, "toRunner"> {
  toRunner(options?: RunnerOptions): __Framework__Runner;
}

/** The model of this tag, without loading it. */
export const get = adapter.get as unknown as (...args: Parameters<typeof adapter.get>) => __Framework__Model;
export const { saveModel, loadModel, register } = adapter;
