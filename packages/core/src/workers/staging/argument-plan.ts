import { InvalidArgumentError } from "../../errors/index.js";
import { NdArray, isNamedTensors } from "../../ndarray/index.js";
import { defaultRegistry, isSideArgument, type DataContainer } from "../../containers/index.js";

/** How one argument of a call travels. Tensors go as rows; other batchable values as payloads that their container joins. */
export type ArgumentPlan =
  | { readonly kind: "tensor"; readonly tensor: NdArray; readonly batched: boolean }
  | { readonly kind: "record"; readonly names: readonly string[]; readonly tensors: readonly NdArray[]; readonly batched: boolean }
  | { readonly kind: "joined"; readonly value: unknown; readonly container: DataContainer; readonly batchDim: number }
  | { readonly kind: "shared"; readonly value: unknown; readonly container: DataContainer };

/** How a method takes its arguments: batched along `batchDim`, or one call at a time. */
export interface BatchingRule {
  readonly batchable: boolean;
  readonly batchDim: number;
  /** Whether arguments may lie in shared memory that is used again, and must be released. Those of a stream do not: it may never begin. Default true. */
  readonly inRows?: boolean;
}

export function planArgument(value: unknown, rule: BatchingRule): ArgumentPlan {
  const byRows = rule.inRows !== false && (!rule.batchable || rule.batchDim === 0);
  if (byRows && NdArray.isNdArray(value) && value.dtype !== "string") {
    return { kind: "tensor", tensor: withBatchDim(value, rule), batched: rule.batchable };
  }
  if (byRows && isNamedTensors(value)) {
    const tensors = Object.values(value);
    if (tensors.every((tensor) => tensor.dtype !== "string")) {
      for (const tensor of tensors) withBatchDim(tensor, rule);
      return { kind: "record", names: Object.keys(value), tensors, batched: rule.batchable };
    }
  }
  const container = defaultRegistry.containerOf(value);
  if (rule.batchable && isSideArgument(value, defaultRegistry)) return { kind: "shared", value, container };
  return { kind: "joined", value, container, batchDim: rule.batchable ? rule.batchDim : 0 };
}

/** Items that the argument brings, or undefined when it brings none of its own. */
export function planItems(plan: ArgumentPlan): number | undefined {
  switch (plan.kind) {
    case "tensor":
      return plan.batched ? plan.tensor.shape[0] : 1;
    case "record":
      return plan.batched ? recordItems(plan) : 1;
    case "joined":
      return plan.container.getBatchSize(plan.value, plan.batchDim);
    case "shared":
      return undefined;
  }
}

function recordItems({ names, tensors }: Extract<ArgumentPlan, { kind: "record" }>): number {
  const items = (tensors[0] as NdArray).shape[0] as number;
  for (let index = 1; index < tensors.length; index++) {
    const other = (tensors[index] as NdArray).shape[0] as number;
    if (other !== items) {
      throw new InvalidArgumentError(
        `The tensors of a record must have one batch size, but "${String(names[0])}" has ${String(items)} and "${String(names[index])}" has ${String(other)}.`,
      );
    }
  }
  return items;
}

function withBatchDim(tensor: NdArray, { batchable }: BatchingRule): NdArray {
  if (batchable && tensor.shape.length === 0) {
    throw new InvalidArgumentError(
      "A batchable method got a scalar tensor (shape []). Add a batch dimension: reshape([1]) for one item, or pass a plain number as a side argument.",
    );
  }
  return tensor;
}
