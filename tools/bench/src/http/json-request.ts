/** The body of an infer request for one row, as JSON. */
export function jsonRequest(row: Float32Array): string {
  // Four decimals, and not the 17 digits of a float32 that was made a float64.
  const data = Array.from(row, (value) => Number(value.toFixed(4)));
  return JSON.stringify({ inputs: [{ name: "x", datatype: "FP32", shape: [1, row.length], data }] });
}

/** The part that is read of an infer request. */
export interface InferRequest {
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[]; readonly data: readonly number[] }[];
}

/** An answer in the shape of the Open Inference Protocol. */
export interface InferAnswer {
  readonly model_name: string;
  readonly model_version: string;
  readonly outputs: readonly {
    readonly name: string;
    readonly datatype: string;
    readonly shape: readonly number[];
    readonly data: readonly number[];
  }[];
}

export function inferAnswer(shape: readonly number[], data: readonly number[]): InferAnswer {
  return { model_name: "model", model_version: "1", outputs: [{ name: "y", datatype: "FP32", shape, data }] };
}
