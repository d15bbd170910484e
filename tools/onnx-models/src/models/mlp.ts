import { node, tensorValue, type GraphNode, type Tensor } from "../onnx-model.js";
import { seededRandom, type SeededRandom } from "../seeded-random.js";
import { serialiseModel } from "../serialise-model.js";
import { float32Tensor } from "../tensor.js";

export interface MlpOptions {
  /** Units of the input, of each hidden layer and of the output. */
  readonly sizes: readonly number[];
  /** Default 1. */
  readonly seed?: number;
  /** Ends with a softmax over the outputs of each row. Default false. */
  readonly softmax?: boolean;
}

/** y = x weights + bias. */
export interface MlpLayer {
  readonly inputSize: number;
  readonly outputSize: number;
  /** [inputSize, outputSize], row-major. */
  readonly weights: Float32Array;
  /** [outputSize]. */
  readonly bias: Float32Array;
}

/** The small network of tests. */
export const smallMlpSizes: readonly number[] = [16, 64, 64, 3];

/** About 20 million weights, so a file of about 80 MB. */
export const bigMlpSizes: readonly number[] = [784, 4096, 4096, 10];

/**
 * Dense layers with ReLU between them: "x", float32 ["batch", first size], to
 * "y", float32 ["batch", last size].
 */
export function mlp(options: MlpOptions): Uint8Array {
  const layers = mlpLayers(options);
  const graphNodes = layers.flatMap((_layer, index) => layerNodes(index, layers.length));
  const last = options.softmax === true ? "Softmax" : "Identity";
  return serialiseModel({
    name: `mlp-${options.sizes.join("-")}`,
    nodes: [...graphNodes, node(last, ["logits"], ["y"])],
    initializers: layers.flatMap(layerTensors),
    inputs: [tensorValue("x", "float32", ["batch", options.sizes[0] ?? 0])],
    outputs: [tensorValue("y", "float32", ["batch", options.sizes.at(-1) ?? 0])],
  });
}

/** The weights that `mlp` writes for the same options. */
export function mlpLayers(options: MlpOptions): MlpLayer[] {
  if (options.sizes.length < 2) throw new RangeError("An MLP needs at least two sizes.");
  const random = seededRandom(options.seed ?? 1);
  return options.sizes
    .slice(1)
    .map((outputSize, index) => randomLayer(options.sizes[index] ?? 0, outputSize, random));
}

/** Uniform weights of He's variance, which keeps activations alike in size from layer to layer. */
function randomLayer(inputSize: number, outputSize: number, random: SeededRandom): MlpLayer {
  const limit = Math.sqrt(6 / inputSize);
  const weights = uniformValues(inputSize * outputSize, limit, random);
  const bias = uniformValues(outputSize, 0.1, random);
  return { inputSize, outputSize, weights, bias };
}

function uniformValues(count: number, limit: number, random: SeededRandom): Float32Array {
  const values = new Float32Array(count);
  for (let index = 0; index < count; index++) values[index] = (2 * random.uniform() - 1) * limit;
  return values;
}

function layerNodes(index: number, layerCount: number): GraphNode[] {
  const input = index === 0 ? "x" : `hidden${index}`;
  const parameters = [`weights${index}`, `bias${index}`];
  if (index === layerCount - 1) return [node("Gemm", [input, ...parameters], ["logits"])];
  return [
    node("Gemm", [input, ...parameters], [`dense${index}`]),
    node("Relu", [`dense${index}`], [`hidden${index + 1}`]),
  ];
}

function layerTensors(layer: MlpLayer, index: number): Tensor[] {
  return [
    float32Tensor(`weights${index}`, [layer.inputSize, layer.outputSize], layer.weights),
    float32Tensor(`bias${index}`, [layer.outputSize], layer.bias),
  ];
}
