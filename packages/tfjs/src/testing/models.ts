import { createRequire } from "node:module";
import type * as Core from "@tensorflow/tfjs-core";
import type * as Layers from "@tensorflow/tfjs-layers";
import { openEngine } from "../engine.js";
import type { ModelJson } from "../model-artifacts.js";

const require = createRequire(import.meta.url);

/** The copies that the package itself loads: a bundler's own would be others. */
export const tf: typeof Core = require("@tensorflow/tfjs-core") as typeof Core;
export const layers: typeof Layers = require("@tensorflow/tfjs-layers") as typeof Layers;

/** Puts a backend in use, in which live models can be made. */
export async function useCpu(): Promise<void> {
  await openEngine("cpu");
  await tf.setBackend("cpu");
}

/** y = x * kernel + bias, float32 ["batch", 3] to ["batch", 2]. */
export function linear(): Layers.LayersModel {
  const dense = layers.layers.dense({ units: 2, name: "dense" });
  const x = layers.input({ shape: [3], name: "x" });
  const model = layers.model({ inputs: x, outputs: dense.apply(x) as Layers.SymbolicTensor });
  tf.tidy(() => model.setWeights([tf.tensor2d([1, 0, 0, 1, 1, 1], [3, 2]), tf.tensor1d([0.5, -0.5])]));
  return model;
}

export const linearOutput = ([a = 0, b = 0, c = 0]: readonly number[]): number[] => [a + c + 0.5, b + c - 0.5];

/** Outputs "sum" = a + b and "product" = a * b of ["batch", 2]. */
export function sumAndProduct(): Layers.LayersModel {
  const a = layers.input({ shape: [2], name: "a" });
  const b = layers.input({ shape: [2], name: "b" });
  const sum = layers.layers.add({ name: "sum" }).apply([a, b]) as Layers.SymbolicTensor;
  const product = layers.layers.multiply({ name: "product" }).apply([a, b]) as Layers.SymbolicTensor;
  return layers.model({ inputs: [a, b], outputs: [sum, product] });
}

interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, unknown>>;
}

const float = { type: "DT_FLOAT" };

function placeholder(name: string, shape: readonly number[], type: string = "DT_FLOAT"): GraphNode {
  return { name, op: "Placeholder", attr: { dtype: { type }, shape: { shape: { dim: shape.map((size) => ({ size: String(size) })) } } } };
}

const info = (name: string, shape: readonly number[], dtype: string = "DT_FLOAT"): object => ({
  name: `${name}:0`,
  dtype,
  tensorShape: { dim: shape.map((size) => ({ size: String(size) })) },
});

function graph(nodes: readonly GraphNode[], signature: object | undefined): ModelJson {
  return {
    format: "graph-model",
    modelTopology: { node: nodes, versions: { producer: 1, minConsumer: 1 } },
    weightsManifest: [],
    ...(signature === undefined ? {} : { signature }),
  };
}

/** Graph model: outputs "sum" = a + b and "larger" = max(a, b), float32 ["batch", 2]. The signature's names are not the nodes'. */
export function addGraph(): ModelJson {
  return graph(
    [
      placeholder("input_a", [-1, 2]),
      placeholder("input_b", [-1, 2]),
      { name: "Add", op: "AddV2", input: ["input_a", "input_b"], attr: { T: float } },
      { name: "Max", op: "Maximum", input: ["input_a", "input_b"], attr: { T: float } },
    ],
    {
      inputs: { a: info("input_a", [-1, 2]), b: info("input_b", [-1, 2]) },
      outputs: { sum: info("Add", [-1, 2]), larger: info("Max", [-1, 2]) },
    },
  );
}

/** Graph model whose output "where" has a row for each element of x that is true: it runs only asynchronously. */
export function whereGraph(): ModelJson {
  return graph([placeholder("x", [-1], "DT_BOOL"), { name: "Where", op: "Where", input: ["x"], attr: { T: { type: "DT_BOOL" } } }], {
    inputs: { x: info("x", [-1], "DT_BOOL") },
    outputs: { where: info("Where", [-1, 1], "DT_INT64") },
  });
}

/** Graph model "y" = x, of any type and shape; without a signature where `signed` is false. */
export function identityGraph(type: string, shape: readonly number[], signed: boolean = true): ModelJson {
  return graph(
    [placeholder("x", shape, type), { name: "y", op: "Identity", input: ["x"], attr: { T: { type } } }],
    signed ? { inputs: { x: info("x", shape, type) }, outputs: { y: info("y", shape, type) } } : undefined,
  );
}
