import { NdArray, Params, argumentsByName, type ModelSignature, type StoredModel } from "bentoml-core";
import { isOrtTensor } from "./engine-tensor.js";
import { beginCheck, fits, planInputs, type InputPlan, type PlannedInput } from "./input-plan.js";
import { toInputArray } from "./input-value.js";
import { inputSide } from "./onnx-signature.js";
import { paddedSide } from "./padded-batch.js";
import type { OnnxRunnerOptions } from "./runner-options.js";
import { shapeError } from "./shape-error.js";

/** By whether batches are padded, which opens the graph's fixed batch dimension. */
const plans = { padded: new WeakMap<StoredModel, InputPlan>(), plain: new WeakMap<StoredModel, InputPlan>() };

/**
 * Turns a call's arguments into one record of arrays by input name, in the order of the graph's inputs, and checks names,
 * dtypes and shapes. Runs in the caller's thread; loads nothing native; a call that is in that form already passes
 * through as it is.
 *
 * @throws InvalidArgumentError that names the input, what it wants and what it was given.
 */
export function prepare(params: Params, _signature: ModelSignature, _methodName: string, model: StoredModel, options: OnnxRunnerOptions = {}): Params {
  return prepareInputs(params, planOf(model, options.padTo !== undefined));
}

function planOf(model: StoredModel, isPadded: boolean): InputPlan {
  const known = isPadded ? plans.padded : plans.plain;
  let plan = known.get(model);
  if (plan === undefined) {
    const side = inputSide(model);
    plan = planInputs(isPadded ? paddedSide(side) : side);
    known.set(model, plan);
  }
  return plan;
}

/** `prepare` for a plan. */
export function prepareInputs(params: Params, plan: InputPlan): Params {
  const { args } = params;
  if (args.length === 1 && hasNoKeys(params.kwargs)) {
    const [value] = args;
    beginCheck(plan);
    if (isOwnArray(value)) {
      if (plan.onlyName !== undefined && fits(plan, plan.inputs[0] as PlannedInput, value)) {
        return new Params([{ [plan.onlyName]: value }]);
      }
    } else if (isReadyRecord(plan, value)) {
      return params;
    }
  }
  return new Params([convert(plan, argumentsByName(params, plan.names, isOrtTensor))]);
}

/** The quick test; arrays of another installed copy of core are recognised on the slow way. */
function isOwnArray(value: unknown): value is NdArray {
  return value instanceof NdArray;
}

function hasNoKeys(record: object): boolean {
  for (const _key in record) return false;
  return true;
}

/** A plain record with exactly the plan's names, in its order, of arrays that fit. */
function isReadyRecord(plan: InputPlan, value: unknown): boolean {
  if (!isPlainRecord(value)) return false;
  let place = 0;
  for (const name in value) {
    const input = plan.inputs[place];
    const array = value[name];
    if (input === undefined || input.name !== name) return false;
    if (!isOwnArray(array) || !fits(plan, input, array)) return false;
    place++;
  }
  return place === plan.inputs.length;
}

function isPlainRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function convert(plan: InputPlan, values: ReadonlyMap<string, unknown>): Record<string, NdArray> {
  const arrays = plan.inputs.map((input) => toInputArray(input, values.get(input.name)));
  beginCheck(plan);
  const allFit = plan.inputs.every((input, index) => fits(plan, input, arrays[index] as NdArray));
  if (!allFit) throw shapeError(plan, arrays);
  return Object.fromEntries(plan.names.map((name, index) => [name, arrays[index] as NdArray]));
}
