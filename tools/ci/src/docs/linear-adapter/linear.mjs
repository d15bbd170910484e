/** An adapter of models that multiply their input: { factor }. */
import { readFileSync, writeFileSync } from "node:fs";
import { InvalidArgumentError, NdArray, Params, defineAdapter } from "bentoml-core";

const file = "linear.json";
const rows = (/** @type {string} */ name) => [{ name, dtype: /** @type {const} */ ("float32"), shape: ["batch", 2] }];

/** @type {import("bentoml-core").Adapter<{ factor: number }, { digits?: number }, object>} */
export const adapter = defineAdapter({
  name: "bentoml-linear",
  module: "bentoml-linear",
  pythonModules: [],
  apiVersion: "v1",
  layouts: ["v1"],
  prepare,
  runnerOptions: ["digits"],
  runnable: (model, { digits = 7 }) => {
    if (!(digits >= 1 && digits <= 7)) throw new InvalidArgumentError(`digits is ${digits}: it must be 1 to 7.`);
    const module = new URL("./linear-runnable.mjs", import.meta.url).href;
    return { module, export: "LinearRunnable", params: { path: model.pathOf(file), digits }, methods: { run: { batchable: true } } };
  },
  save: async (draft, { factor }) => {
    if (typeof factor !== "number") throw new InvalidArgumentError(`"factor" is ${factor}: a number was expected.`);
    writeFileSync(draft.pathOf(file), JSON.stringify({ factor }));
    const run = { batchable: true, batchDim: /** @type {const} */ ([0, 0]), inputSpec: rows("x"), outputSpec: rows("y") };
    return { signatures: { run }, frameworkName: "linear", frameworkVersions: {}, apiVersion: "v1" };
  },
  load: async (model) => JSON.parse(readFileSync(model.pathOf(file), "utf8")),
});

export const { get, saveModel, loadModel } = adapter;

/** @param {Params} params */
function prepare({ args, kwargs }) {
  const [first] = args;
  const isRecord = typeof first === "object" && first !== null && !NdArray.isNdArray(first) && !Array.isArray(first);
  const { x = first, ...others } = /** @type {Record<string, unknown>} */ (isRecord ? first : kwargs);
  const surplus = args.length - 1 + Object.keys(others).length;
  if (surplus > 0) throw new InvalidArgumentError(`Give 1 input, "x": ${surplus} more came.`);
  const array = Array.isArray(x) ? NdArray.from(x, "float32") : x;
  if (NdArray.isNdArray(array) && array.dtype === "float32" && array.shape.length === 2 && array.shape[1] === 2) return new Params([array]);
  const given = NdArray.isNdArray(array) ? `${array.dtype} [${array.shape.join(", ")}]` : typeof x;
  throw new InvalidArgumentError(`The input "x" must be float32 [batch, 2], but ${given} was given.`);
}
