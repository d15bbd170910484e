import { isBentoMLError, type NdArray, type TensorSpec } from "bentoml-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseInferRequest, type InferRequest } from "./infer-request.js";

function parse(body: unknown): InferRequest {
  return parseInferRequest(Buffer.from(typeof body === "string" ? body : JSON.stringify(body)), undefined);
}

function parseBinary(json: object, binary: Buffer, headerLength?: number): InferRequest {
  const header = Buffer.from(JSON.stringify(json));
  return parseInferRequest(Buffer.concat([header, binary]), headerLength ?? header.length);
}

const x = { name: "x", shape: [2], datatype: "FP32", data: [1, 2] };
const binaryX = { name: "x", shape: [2], datatype: "FP32", parameters: { binary_data_size: 8 } };
const eightBytes = Buffer.from(new Float32Array([1, 2]).buffer);

test("reads inputs, id and outputs, and ignores parameters it does not know", () => {
  const request = parse({
    id: "7",
    parameters: { priority: 3, binary_data_output: true },
    inputs: [{ ...x, parameters: { content_type: "np" } }, { name: "y", shape: [1, 1], datatype: "INT8", data: [[-1]] }],
    outputs: [{ name: "a" }, { name: "b", parameters: { binary_data: false, classification: 2 } }],
    extra: [],
  });
  expect(request.id).toBe("7");
  expect(Object.keys(request.inputs)).toEqual(["x", "y"]);
  expect((request.inputs["x"] as NdArray).data).toEqual(new Float32Array([1, 2]));
  expect(request.outputs.named).toEqual([
    { name: "a", binary: true, classes: 0 },
    { name: "b", binary: false, classes: 2 },
  ]);
});

test("an empty list of outputs asks for all of them", () => {
  expect(parse({ inputs: [x], outputs: [] }).outputs).toEqual({ named: undefined, allBinary: false });
});

test("JSON and binary inputs may be mixed; binary ones follow the JSON in their order", () => {
  const request = parseBinary(
    { inputs: [binaryX, { name: "j", shape: [1], datatype: "INT64", data: [5] }, { name: "u", shape: [3], datatype: "UINT8", parameters: { binary_data_size: 3 } }] },
    Buffer.concat([eightBytes, Buffer.from([7, 8, 9])]),
  );
  expect(request.inputs["x"]?.data).toEqual(new Float32Array([1, 2]));
  expect(request.inputs["j"]?.data).toEqual(new BigInt64Array([5n]));
  expect(request.inputs["u"]?.data).toEqual(new Uint8Array([7, 8, 9]));
});

test("a binary tensor reads the same at any offset of the body", () => {
  for (let padding = 0; padding < 8; padding++) {
    const request = parseBinary({ id: "p".repeat(padding), inputs: [binaryX] }, eightBytes);
    expect(request.inputs["x"]?.data).toEqual(new Float32Array([1, 2]));
  }
});

test("a body of JSON alone may say so in the header", () => {
  expect(parseBinary({ inputs: [x] }, Buffer.alloc(0)).inputs["x"]?.shape).toEqual([2]);
});

test.each<[string, unknown, RegExp]>([
  ["no body", "", /no body/],
  ["malformed JSON", '{"inputs": [', /not valid JSON/],
  ["NaN in the JSON", '{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[NaN]}]}', /NaN and Infinity have no JSON form/],
  ["an array", "[]", /must be a JSON object, it is an array/],
  ["null", "null", /must be a JSON object, it is null/],
  ["no inputs", {}, /"inputs" must be an array of at least one input, it is missing/],
  ["empty inputs", { inputs: [] }, /at least one input/],
  ["inputs that are no array", { inputs: { x } }, /it is an object/],
  ["an input that is null", { inputs: [null] }, /entry 0 of "inputs" must be an object, it is null/],
  ["a numeric id", { id: 7, inputs: [x] }, /"id" must be a string/],
  ["an input without a name", { inputs: [{ ...x, name: undefined }] }, /entry 0 of "inputs": "name"/],
  ["a name that is a number", { inputs: [{ ...x, name: 4 }] }, /"name" must be a string/],
  ["a name given twice", { inputs: [x, x] }, /input "x" is given twice/],
  ["a name that would change a prototype", '{"inputs":[{"name":"__proto__","shape":[1],"datatype":"FP32","data":[1]}]}', /no input "__proto__"/],
  ["no datatype", { inputs: [{ ...x, datatype: undefined }] }, /input "x": "datatype" must be one of BOOL.*missing/],
  ["an unknown datatype", { inputs: [{ ...x, datatype: "FP8" }] }, /it is the string "FP8"/],
  ["a datatype in lower case", { inputs: [{ ...x, datatype: "fp32" }] }, /"fp32"/],
  ["no shape", { inputs: [{ ...x, shape: undefined }] }, /input "x": "shape" must be an array of numbers, it is missing/],
  ["a negative dimension", { inputs: [{ ...x, shape: [-2] }] }, /dimension 0 of "shape".*-2/],
  ["a fraction as dimension", { inputs: [{ ...x, shape: [1.5] }] }, /dimension 0/],
  ["a string as dimension", { inputs: [{ ...x, shape: ["2"] }] }, /dimension 0/],
  ["more dimensions than any engine has", { inputs: [{ ...x, shape: Array(65).fill(1) }] }, /65 dimensions/],
  ["no data", { inputs: [{ ...x, data: undefined }] }, /input "x" has neither "data" nor/],
  ["null as data", { inputs: [{ ...x, data: null }] }, /input "x": "data" must be an array, it is null/],
  ["data of another length", { inputs: [{ ...x, data: [1] }] }, /input "x": shape \[2\] asks for 2 elements, "data" has 1/],
  ["a declared shape of gigabytes", { inputs: [{ ...x, shape: [1024, 1024, 1024] }] }, /asks for 1073741824 elements, "data" has 2/],
  ["parameters that are no object", { inputs: [{ ...x, parameters: "big" }] }, /"parameters" must be an object/],
  ["shared memory", { inputs: [{ ...x, data: undefined, parameters: { shared_memory_region: "r" } }] }, /shared memory is not supported/],
  ["a binary input without the header", { inputs: [binaryX] }, /no header Inference-Header-Content-Length/],
  ["outputs that are no array", { inputs: [x], outputs: "y" }, /"outputs" must be an array/],
  ["an output without a name", { inputs: [x], outputs: [{}] }, /must have a "name"/],
  ["an output requested twice", { inputs: [x], outputs: [{ name: "y" }, { name: "y" }] }, /output "y" is requested twice/],
  ["a binary flag that is no flag", { inputs: [x], outputs: [{ name: "y", parameters: { binary_data: 1 } }] }, /must be true or false/],
  ["a request flag that is no flag", { inputs: [x], parameters: { binary_data_output: "yes" } }, /"binary_data_output" of the request/],
])("%s is refused", (_what, body, message) => {
  expect(() => parse(body)).toThrow(message);
});

test.each<[string, object, Buffer, RegExp]>([
  ["a truncated tensor", { inputs: [binaryX] }, eightBytes.subarray(1), /input "x": "binary_data_size" is 8, the body has 7 bytes left/],
  ["bytes nobody asked for", { inputs: [binaryX] }, Buffer.concat([eightBytes, Buffer.from("1234")]), /4 bytes more/],
  ["a size that is not the shape's", { inputs: [{ ...binaryX, parameters: { binary_data_size: 4 } }] }, Buffer.alloc(4), /asks for 8 bytes, it has 4/],
  ["a negative size", { inputs: [{ ...binaryX, parameters: { binary_data_size: -8 } }] }, eightBytes, /"binary_data_size" must be a whole number/],
  ["a size that is a string", { inputs: [{ ...binaryX, parameters: { binary_data_size: "8" } }] }, eightBytes, /"binary_data_size" must be a whole number/],
  ["data and binary data", { inputs: [{ ...binaryX, data: [1, 2] }] }, eightBytes, /has both/],
  ["a shape of gigabytes", { inputs: [{ ...binaryX, shape: [2 ** 40, 2 ** 40] }] }, eightBytes, /input "x": shape .* it has 8/],
  ["a BOOL of 2", { inputs: [{ name: "b", shape: [2], datatype: "BOOL", parameters: { binary_data_size: 2 } }] }, Buffer.from([1, 2]), /element 1 of a BOOL/],
])("%s is refused in a binary request", (_what, json, binary, message) => {
  expect(() => parseBinary(json, binary)).toThrow(message);
});

test("JSON that is cut off by the header length is refused", () => {
  expect(() => parseBinary({ inputs: [binaryX] }, eightBytes, 20)).toThrow(/not valid JSON/);
});

test("the datatype must be the model's, in whatever order the inputs come", () => {
  const specs: TensorSpec[] = [
    { name: "x", dtype: "float32", shape: [2] },
    { name: "y", dtype: "int8", shape: [1] },
  ];
  const y = { name: "y", shape: [1], datatype: "INT8", data: [1] };
  const parseWith = (inputs: object[]): InferRequest => parseInferRequest(Buffer.from(JSON.stringify({ inputs })), undefined, specs);
  expect(Object.keys(parseWith([y, x]).inputs)).toEqual(["y", "x"]);
  expect(() => parseWith([y, { ...x, datatype: "FP64" }])).toThrow(/input "x": the model takes FP32, "datatype" is FP64/);
  expect(() => parseWith([x, { ...y, datatype: "UINT8" }])).toThrow(/input "y": the model takes INT8/);
  expect(Object.keys(parseWith([{ ...y, name: "z" }]).inputs)).toEqual(["z"]);
});

test("text that is not UTF-8 is refused, not changed", () => {
  const body = Buffer.from(JSON.stringify({ inputs: [{ name: "x", shape: [1], datatype: "BYTES", data: ["?"] }] }));
  body[body.indexOf("?")] = 0xff;
  expect(() => parseInferRequest(body, undefined)).toThrow(/not UTF-8/);
});

test("64-bit integers keep all digits, nested and beside others", () => {
  const request = parse(
    '{"inputs":[{"name":"a","shape":[1],"datatype":"BYTES","data":["9007199254740993"]},{"name":"x","shape":[2,1],"datatype":"INT64","data":[[-9223372036854775808],[9007199254740993]]}]}',
  );
  expect(request.inputs["x"]?.data).toEqual(new BigInt64Array([-9223372036854775808n, 9007199254740993n]));
  expect(request.inputs["a"]?.data).toEqual(["9007199254740993"]);
});

test("whatever JSON comes, it is read or refused with status 400", () => {
  const anything = fc.anything({ withNullPrototype: false, maxDepth: 4 });
  const input = fc.record(
    {
      name: fc.oneof(fc.constant("x"), anything),
      shape: fc.oneof(fc.array(fc.integer({ min: -1, max: 3 })), anything),
      datatype: fc.oneof(fc.constantFrom("FP32", "INT64", "BOOL", "BYTES", "FP16"), anything),
      data: fc.oneof(fc.array(fc.oneof(fc.double(), fc.string(), fc.boolean())), anything),
      parameters: fc.oneof(fc.record({ binary_data_size: fc.integer() }), anything),
    },
    { requiredKeys: [] },
  );
  const body = fc.oneof(anything, fc.record({ inputs: fc.array(input), outputs: anything, id: anything, parameters: anything }, { requiredKeys: ["inputs"] }));
  fc.assert(
    fc.property(body, fc.option(fc.nat({ max: 40 }), { nil: undefined }), (value, headerLength) => {
      let json = "";
      try {
        json = JSON.stringify([value]).slice(1, -1);
      } catch {
        // A bigint, which JSON cannot have.
      }
      try {
        parseInferRequest(Buffer.from(json), headerLength);
      } catch (error) {
        expect(isBentoMLError(error) ? error.httpStatus : error).toBe(400);
      }
    }),
    { numRuns: 500 },
  );
});
