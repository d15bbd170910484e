import type { Dtype, NdArray } from "bentoml-core";
import type { GraphInput, InputSide } from "./onnx-signature.js";

/** A dimension in a plan: a length, or `anyLength`, or below that the place of a symbol. */
const anyLength = -1;
const firstSymbol = -2;
const unset = -1;

/** One input, laid out so that checking a call's array takes a few comparisons and no memory. */
export interface PlannedInput {
  readonly name: string;
  readonly dtype: Dtype;
  readonly spec: GraphInput;
  readonly dimensions: readonly number[];
}

/** The inputs of a model, prepared once for checks at every call. */
export interface InputPlan {
  readonly inputs: readonly PlannedInput[];
  readonly names: readonly string[];
  /** The only input's name, where there is one input. */
  readonly onlyName: string | undefined;
  readonly symbolNames: readonly string[];
  /** Lengths that symbols have in the call being checked; scratch memory of one synchronous check. */
  readonly symbolLengths: number[];
  readonly batchable: boolean;
  readonly batchDim: number;
}

/**
 * Symbols of one name have one length within a call. So have the batch dimensions of a batchable model, whatever their
 * names are.
 */
export function planInputs(side: InputSide): InputPlan {
  const symbolNames: string[] = [];
  const placeOf = (name: string): number => {
    if (!symbolNames.includes(name)) symbolNames.push(name);
    return firstSymbol - symbolNames.indexOf(name);
  };
  const batchDim = side.batchDim[0];
  const batchName = side.batchable ? batchNameOf(side.inputs, batchDim) : undefined;
  const inputs = side.inputs.map((spec) => ({
    name: spec.name,
    dtype: spec.dtype,
    spec,
    dimensions: spec.shape.map((length, index) => {
      if (batchName !== undefined && index === batchDim) return placeOf(batchName);
      if (typeof length === "string") return placeOf(length);
      return length < 0 ? anyLength : length;
    }),
  }));
  const names = inputs.map((input) => input.name);
  return {
    inputs,
    names,
    onlyName: names.length === 1 ? names[0] : undefined,
    symbolNames,
    symbolLengths: symbolNames.map(() => unset),
    batchable: side.batchable,
    batchDim,
  };
}

/** Starts the check of another call. */
export function beginCheck(plan: InputPlan): void {
  plan.symbolLengths.fill(unset);
}

/** Whether the array has the input's dtype and shape, given the arrays checked since `beginCheck`. */
export function fits(plan: InputPlan, input: PlannedInput, array: NdArray): boolean {
  if (array.dtype !== input.dtype) return false;
  const { shape } = array;
  const { dimensions } = input;
  if (shape.length !== dimensions.length) return !input.spec.rankKnown;
  for (let index = 0; index < dimensions.length; index++) {
    if (!lengthFits(plan.symbolLengths, dimensions[index] as number, shape[index] as number)) return false;
  }
  return true;
}

/** The symbol of a planned dimension, if it has one. */
export function symbolOf(plan: InputPlan, dimension: number): string | undefined {
  return plan.symbolNames[firstSymbol - dimension];
}

function lengthFits(symbolLengths: number[], wanted: number, length: number): boolean {
  if (wanted >= 0) return wanted === length;
  if (wanted === anyLength) return true;
  const place = firstSymbol - wanted;
  const known = symbolLengths[place];
  if (known === unset) symbolLengths[place] = length;
  return known === unset || known === length;
}

function batchNameOf(inputs: readonly GraphInput[], batchDim: number): string {
  const named = inputs.map((input) => input.shape[batchDim]).find((length) => typeof length === "string");
  return typeof named === "string" ? named : "batch";
}
