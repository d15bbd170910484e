import { NdArray } from "bentoml-core";
import { InferInput } from "bentoml-triton-http";

/** `count` rows of 0 to 15. */
export function rows(count: number): NdArray<"float32"> {
  return new NdArray("float32", [count, 16], Float32Array.from({ length: count * 16 }, (_unused, index) => index % 16));
}

/** The inputs of add_sub: 0 to 15, and ones. */
export function addends(): { readonly INPUT0: NdArray<"int32">; readonly INPUT1: NdArray<"int32"> } {
  return {
    INPUT0: new NdArray("int32", [1, 16], Int32Array.from({ length: 16 }, (_unused, index) => index)),
    INPUT1: new NdArray("int32", [1, 16], new Int32Array(16).fill(1)),
  };
}

/** One int32, for models that count or answer with something else. */
export function oneInteger(value = 0): readonly InferInput[] {
  return [new InferInput("INPUT0", [1], "INT32").setData([value])];
}
