export { dataTypes, type DataType } from "./data-type.js";
export { addSub } from "./models/add-sub.js";
export { bigTable, bigTableWeights } from "./models/big-table.js";
export { failsOnNegative } from "./models/fails-on-negative.js";
export { fixedBatch } from "./models/fixed-batch.js";
export { identity, type IdentityOptions } from "./models/identity.js";
export { int64Sum } from "./models/int64-sum.js";
export {
  bigMlpSizes,
  mlp,
  mlpLayers,
  smallMlpSizes,
  type MlpLayer,
  type MlpOptions,
} from "./models/mlp.js";
export { orderLines } from "./models/order-lines.js";
export { sequenceOutput } from "./models/sequence-output.js";
export { slow, type SlowOptions } from "./models/slow.js";
export { makeNamedModel, modelNames } from "./named-models.js";
export {
  integer,
  integers,
  node,
  sequenceValue,
  subgraph,
  tensorValue,
  type Attribute,
  type Dimension,
  type ExternalFile,
  type Graph,
  type GraphNode,
  type Tensor,
  type ValueInformation,
} from "./onnx-model.js";
export { seededRandom, type SeededRandom } from "./seeded-random.js";
export { serialiseModel } from "./serialise-model.js";
export { boolTensor, float32Tensor, int64Tensor, stringTensor } from "./tensor.js";
