import {
  float32Tensor,
  integer,
  integers,
  node,
  serialiseModel,
  tensorValue,
  type GraphNode,
  type Tensor,
} from "@bentoml-tools/onnx-models";
import { kernelSize, type Convolution } from "./convolution.js";
import type { Dense } from "./dense.js";
import { imageSize, largestPixel, type Network } from "./network.js";

/**
 * The network as an ONNX model: "image", float32 [batch, 1, 8, 8] of raw pixels
 * (0..16), to "probabilities", float32 [batch, 10].
 */
export function exportOnnx(network: Network): Uint8Array {
  return serialiseModel({
    name: "digits",
    nodes: graphNodes(),
    initializers: [
      float32Tensor("pixelScale", [], Float32Array.of(1 / largestPixel)),
      ...convolutionTensors("firstConvolution", network.firstConvolution),
      ...convolutionTensors("secondConvolution", network.secondConvolution),
      ...denseTensors("firstDense", network.firstDense),
      ...denseTensors("secondDense", network.secondDense),
    ],
    inputs: [tensorValue("image", "float32", ["batch", 1, imageSize, imageSize])],
    outputs: [tensorValue("probabilities", "float32", ["batch", 10])],
  });
}

function graphNodes(): GraphNode[] {
  return [
    node("Mul", ["image", "pixelScale"], ["scaled"]),
    convolutionNode("firstConvolution", "scaled", "edges"),
    node("Relu", ["edges"], ["activeEdges"]),
    convolutionNode("secondConvolution", "activeEdges", "strokes"),
    node("Relu", ["strokes"], ["activeStrokes"]),
    node("MaxPool", ["activeStrokes"], ["pooled"], {
      kernel_shape: integers([2, 2]),
      strides: integers([2, 2]),
    }),
    node("Flatten", ["pooled"], ["features"], { axis: integer(1) }),
    denseNode("firstDense", "features", "hidden"),
    node("Relu", ["hidden"], ["activeHidden"]),
    denseNode("secondDense", "activeHidden", "logits"),
    node("Softmax", ["logits"], ["probabilities"], { axis: integer(1) }),
  ];
}

function convolutionNode(layerName: string, input: string, output: string): GraphNode {
  return node("Conv", [input, `${layerName}.weights`, `${layerName}.bias`], [output], {
    kernel_shape: integers([kernelSize, kernelSize]),
    pads: integers([1, 1, 1, 1]),
  });
}

function denseNode(layerName: string, input: string, output: string): GraphNode {
  return node("Gemm", [input, `${layerName}.weights`, `${layerName}.bias`], [output], {
    transB: integer(1),
  });
}

function convolutionTensors(layerName: string, layer: Convolution): Tensor[] {
  const { inputChannels, outputChannels } = layer.shape;
  const dimensions = [outputChannels, inputChannels, kernelSize, kernelSize];
  return layerTensors(layerName, layer, dimensions);
}

function denseTensors(layerName: string, layer: Dense): Tensor[] {
  return layerTensors(layerName, layer, [layer.outputs, layer.inputs]);
}

function layerTensors(
  layerName: string,
  layer: Convolution | Dense,
  weightDimensions: readonly number[],
): Tensor[] {
  const weights = Float32Array.from(layer.weights.values);
  const bias = Float32Array.from(layer.bias.values);
  return [
    float32Tensor(`${layerName}.weights`, weightDimensions, weights),
    float32Tensor(`${layerName}.bias`, [bias.length], bias),
  ];
}
