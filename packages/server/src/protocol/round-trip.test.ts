import { allocate, datatypeOf, dtypeOfDatatype, dtypes, NdArray, type Dtype } from "bentoml-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseInferRequest } from "./infer-request.js";
import { InferResponseWriter } from "./infer-response.js";
import { readRequestedOutputs } from "./requested-outputs.js";

test("every dtype has a datatype of its own", () => {
  expect(dtypes.map((dtype) => dtypeOfDatatype(datatypeOf[dtype]))).toEqual(dtypes);
  expect(dtypeOfDatatype("FP8")).toBeUndefined();
  expect(dtypeOfDatatype(undefined)).toBeUndefined();
});

const shapes = fc.array(fc.nat({ max: 4 }), { maxLength: 4 });

/** Any array of the dtype, its bytes filled at random; bools are 0 and 1, floats finite when JSON has to carry them. */
function arrays(dtype: Dtype, isFinite: boolean): fc.Arbitrary<NdArray> {
  return shapes.chain((shape) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return elements(dtype, isFinite, size).map((values) => {
      const data = allocate(dtype, size) as unknown as unknown[];
      values.forEach((value, index) => (data[index] = value));
      return new NdArray(dtype, shape, data as never);
    });
  });
}

function elements(dtype: Dtype, isFinite: boolean, size: number): fc.Arbitrary<readonly unknown[]> {
  const range = { minLength: size, maxLength: size };
  // JSON writes -0 as 0.
  const float = { noNaN: isFinite, noDefaultInfinity: isFinite };
  switch (dtype) {
    case "string":
      return fc.array(fc.string({ unit: "grapheme" }), range);
    case "bool":
      return fc.array(fc.nat({ max: 1 }), range);
    case "float32":
      return fc.array(fc.float(float).map((value) => value + 0), range);
    case "float64":
      return fc.array(fc.double(float).map((value) => value + 0), range);
    case "int64":
      return fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), range);
    case "uint64":
      return fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), range);
    default:
      return fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 32 - 1 }), range);
  }
}

/** The response's outputs, given back to the server as a request's inputs. */
function echoed(array: NdArray, binary: boolean): NdArray {
  const writer = new InferResponseWriter("m", "1", [{ name: "t", dtype: array.dtype, shape: [-1] }]);
  const response = writer.write(array, undefined, readRequestedOutputs(undefined, { binary_data_output: binary }));
  const bytes = Buffer.from(response.body as string, response.encoding);
  expect(bytes.length).toBe(response.length);
  const headerLength = response.headerLength ?? bytes.length;
  const json = bytes.subarray(0, headerLength).toString().replace('"outputs"', '"inputs"');
  const request = Buffer.concat([Buffer.from(json), bytes.subarray(headerLength)]);
  const parsed = parseInferRequest(request, binary ? Buffer.byteLength(json) : undefined);
  return parsed.inputs["t"] as NdArray;
}

test.each(dtypes.filter((dtype) => dtype !== "float16" && dtype !== "bfloat16"))("%s round-trips as JSON", (dtype) => {
  fc.assert(
    fc.property(arrays(dtype, true), (array) => {
      const back = echoed(array, false);
      expect(back.dtype).toBe(dtype);
      expect(back.shape).toEqual(array.shape);
      expect(back.data).toEqual(array.data);
    }),
  );
});

test.each(dtypes)("%s round-trips as binary", (dtype) => {
  fc.assert(
    fc.property(arrays(dtype, false), (array) => {
      const back = echoed(array, true);
      expect(back.dtype).toBe(dtype);
      expect(back.shape).toEqual(array.shape);
      expect(back.data).toEqual(array.data);
    }),
  );
});
