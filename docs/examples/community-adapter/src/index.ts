import { readFileSync, writeFileSync } from "node:fs";
import { InvalidArgumentError, defineAdapter } from "bentoml-core";
import type { DecisionTreeClassifier } from "ml-cart";
import { prepare } from "./prepare.js";

const FILE = "tree.json";

export const adapter = defineAdapter<DecisionTreeClassifier, object, { readonly features?: number }>({
  name: "bentoml-ml-cart",
  module: "bentoml-ml-cart",
  pythonModules: [],
  apiVersion: "v1",
  layouts: ["v1"],
  prepare,
  runnable: (model) => ({ module: new URL("./tree-runnable.js", import.meta.url).href, export: "TreeRunnable", params: { path: model.pathOf(FILE) }, methods: { predict: { batchable: true } } }),
  save: async (draft, tree, { features }) => {
    if (!Number.isInteger(features)) throw new InvalidArgumentError(`"features" is ${features}: say how many columns the tree was trained on.`);
    writeFileSync(draft.pathOf(FILE), JSON.stringify(tree));
    const inputSpec = [{ name: "rows", dtype: "float32" as const, shape: ["batch", features as number] }];
    const outputSpec = [{ name: "class", dtype: "int32" as const, shape: ["batch"] }];
    return { signatures: { predict: { batchable: true, batchDim: [0, 0], inputSpec, outputSpec } }, frameworkName: "ml-cart", frameworkVersions: {}, apiVersion: "v1" };
  },
  load: async (model) => (await import("ml-cart")).DecisionTreeClassifier.load(JSON.parse(readFileSync(model.pathOf(FILE), "utf8"))),
});

export const { get, saveModel, loadModel } = adapter;
