import { writeFileSync } from "node:fs";
import { InvalidArgumentError, defineAdapter, type Adapter, type AdapterDefinition, type TensorSpec } from "bentoml-core";
import { MODEL_FILE, WIDTH, checkedModel, loadEngine, readModel, type LinearModel } from "./linear-model.js";
import { prepare } from "./prepare.js";
import { LinearRunnable } from "./linear-runnable.js";
import { Table, TableContainer } from "./table-container.js";

export { LinearRunnable };

/** Options of `toRunner`. */
export interface LinearOptions {
  /** How many digits the engine keeps: 1 to 7. */
  readonly digits?: number;
}

export type LinearDefinition = AdapterDefinition<LinearModel, LinearOptions, object>;
export type LinearAdapter = Adapter<LinearModel, LinearOptions, object>;

/** The smallest adapter that keeps every law: the broken ones change one thing of it. */
export const definition: LinearDefinition = {
  name: "bentoml-linear",
  module: "bentoml-linear",
  pythonModules: ["bentoml.linear"],
  apiVersion: "v1",
  layouts: ["v1"],
  moduleUrl: import.meta.url,
  containers: [{ singleType: Table, batchType: Table, container: new TableContainer() }],
  prepare,
  runnerOptions: ["digits"],
  runnable: (model, options) => {
    checkOptions(options);
    const module = new URL("./linear-runnable.js", import.meta.url).href;
    return { module, export: "LinearRunnable", params: { path: model.pathOf(MODEL_FILE) }, methods: LinearRunnable.methods, supportsCpuMultiThreading: true };
  },
  save: async (draft, native) => {
    const { inputs, outputs } = checkedModel(native);
    writeFileSync(draft.pathOf(MODEL_FILE), JSON.stringify(native));
    const spec = (name: string): TensorSpec => ({ name, dtype: "float32", shape: ["batch", WIDTH] });
    const specs = { inputSpec: inputs.map(spec), outputSpec: Object.keys(outputs).map(spec) };
    const run = { ...specs, batchable: true, batchDim: [0, 0] } as const;
    const rows = { ...specs, batchable: false, batchDim: [0, 0] } as const;
    return { signatures: { run, rows }, frameworkName: "linear", frameworkVersions: { linear: "1.0.0" }, apiVersion: "v1" };
  },
  load: async (model) => {
    await loadEngine();
    return readModel(model.pathOf(MODEL_FILE));
  },
};

export function checkOptions({ digits = 7 }: LinearOptions): void {
  if (!(digits >= 1 && digits <= 7)) throw new InvalidArgumentError(`digits is ${digits}: it must be 1 to 7.`);
}

export const adapter: LinearAdapter = defineAdapter(definition);

export function register(): void {
  adapter.register();
}
