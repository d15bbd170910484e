import { dataTypes } from "./data-type.js";
import { addSub } from "./models/add-sub.js";
import { failsOnNegative } from "./models/fails-on-negative.js";
import { fixedBatch } from "./models/fixed-batch.js";
import { identity } from "./models/identity.js";
import { int64Sum } from "./models/int64-sum.js";
import { bigMlpSizes, mlp, smallMlpSizes } from "./models/mlp.js";
import { orderLines } from "./models/order-lines.js";
import { sequenceOutput } from "./models/sequence-output.js";
import { slow } from "./models/slow.js";

const makers: ReadonlyMap<string, () => Uint8Array> = new Map([
  ["add-sub", addSub],
  ["big-mlp", () => mlp({ sizes: bigMlpSizes })],
  ["fails-on-negative", failsOnNegative],
  ["fixed-batch", () => fixedBatch(4)],
  ["int64-sum", int64Sum],
  ["order-lines", orderLines],
  ["sequence-output", sequenceOutput],
  ["slow", slow],
  ["small-mlp", () => mlp({ sizes: smallMlpSizes, softmax: true })],
  ...dataTypes.map((dataType) => [`identity-${dataType}`, () => identity(dataType)] as const),
]);

/** The names that `makeNamedModel` knows. */
export const modelNames: readonly string[] = [...makers.keys()];

/** The model of that name with its usual options, for command lines. */
export function makeNamedModel(name: string): Uint8Array {
  const make = makers.get(name);
  if (make === undefined) {
    throw new RangeError(`There is no model ${name}. Models: ${modelNames.join(", ")}.`);
  }
  return make();
}
