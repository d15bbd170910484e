import type { NamedTensorMap, Tensor } from "@tensorflow/tfjs-core";
import type { SymbolicTensor } from "@tensorflow/tfjs-layers";
import type { TensorSpec } from "bentoml-core";
import type { Engine } from "./engine.js";
import { folderReader } from "./model-artifacts.js";
import type { ModelToOpen, OpenModel } from "./open-model.js";
import { tensorSpec } from "./tensor-spec.js";

/** A layers model: its only method is `run`. */
export async function openLayersModel({ layers }: Engine, { folder, source }: ModelToOpen): Promise<OpenModel> {
  const model = await layers().loadLayersModel(folderReader(folder, source));
  const inputs = specsOf(model.inputs, source);
  const outputs = specsOf(model.outputs, source);
  const execute = (given: NamedTensorMap): NamedTensorMap => {
    const tensors = inputs.map(({ name }) => given[name] as Tensor);
    const results = model.predictOnBatch(tensors.length === 1 ? (tensors[0] as Tensor) : tensors);
    const all = Array.isArray(results) ? results : [results];
    return Object.fromEntries(outputs.map(({ name }, index) => [name, all[index] as Tensor]));
  };
  return { native: model, methods: { run: { inputs, outputs, execute } }, dispose: () => void model.dispose() };
}

/** They are called as the layers that they come from, as in Keras; those of a layer with several outputs have their own names. */
function specsOf(tensors: readonly SymbolicTensor[], source: string): TensorSpec[] {
  const layers = tensors.map(({ sourceLayer }) => sourceLayer.name);
  return tensors.map(({ name, dtype, shape }, index) => {
    const layer = layers[index] as string;
    const isOnlyOne = layers.indexOf(layer) === layers.lastIndexOf(layer);
    return tensorSpec(isOnlyOne ? layer : name, dtype, shape, source);
  });
}
