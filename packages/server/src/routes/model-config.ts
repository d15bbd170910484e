import { datatypeOf, type Dtype, type TensorSpec } from "bentoml-core";
import type { ModelDirectory } from "../model-directory.js";
import { methodOf, type ServedModel } from "../served-model.js";
import { modelPatterns, paramsOf } from "./model-params.js";
import type { RouteTable } from "./route-table.js";

/** The model configuration extension: what clients such as load generators read to know the largest batch. */
export function addModelConfigRoutes(routes: RouteTable, models: ModelDirectory): void {
  for (const pattern of modelPatterns) {
    routes.get(`${pattern}/config`, (request) => {
      const { model, version } = paramsOf(request);
      return modelConfig(models.get(model, version));
    });
  }
}

/**
 * In the protocol a model that batches has `max_batch_size` and leaves the batch dim out of its `dims`; one that does not has 0 and
 * all of its dims.
 */
function modelConfig(model: ServedModel): unknown {
  const { maxBatchSize } = methodOf(model.runner, model.method);
  const hasBatchDim = maxBatchSize > 1 && [...model.inputs, ...model.outputs].every(({ shape: [first] }) => first !== undefined && !isFixed(first));
  const describe = ({ name, dtype, shape }: TensorSpec): unknown => ({ name, data_type: dataType(dtype), dims: (hasBatchDim ? shape.slice(1) : shape).map((length) => (isFixed(length) ? length : -1)) });
  return {
    name: model.name,
    platform: model.platform,
    backend: "",
    version_policy: { specific: { versions: [model.version] } },
    max_batch_size: hasBatchDim ? maxBatchSize : 0,
    input: model.inputs.map(describe),
    output: model.outputs.map(describe),
    ...(hasBatchDim ? { dynamic_batching: {} } : {}),
  };
}

function isFixed(length: number | string): length is number {
  return typeof length === "number" && length >= 0;
}

function dataType(dtype: Dtype): string {
  return `TYPE_${dtype === "string" ? "STRING" : datatypeOf[dtype]}`;
}
