import { NdArray, type Dtype } from "bentoml-core";
import { expect, test } from "vitest";
import { send } from "../testing/http-client.js";
import { fakeModel } from "../testing/fake-runner.js";
import { serve } from "../testing/served-fixtures.js";
import { largestClasses } from "./classification.js";

const classes = (values: unknown, count: number, dtype: Dtype = "float32"): unknown => {
  const { shape, data } = largestClasses(NdArray.from(values, dtype), count);
  return { shape, data };
};

test("the largest values of each row, as a real Triton writes them", () => {
  const rows = [[0.1, 0.7, 0.2], [0.5, 0.1, 0.4]];
  expect(classes(rows, 2)).toEqual({ shape: [2, 2], data: ["0.700000:1", "0.200000:2", "0.500000:0", "0.400000:2"] });
  expect(classes(rows, 10)).toEqual({ shape: [2, 3], data: ["0.700000:1", "0.200000:2", "0.100000:0", "0.500000:0", "0.400000:2", "0.100000:1"] });
  expect(classes([[0, 1, 2, 15]], 1)).toEqual({ shape: [1, 1], data: ["15.000000:3"] });
});

test("one dim is one row; more than two count as one row for each of the first", () => {
  expect(classes([3, 1, 2], 2)).toEqual({ shape: [2], data: ["3.000000:0", "2.000000:2"] });
  expect(classes([[[1, 2], [3, 4]]], 1)).toEqual({ shape: [1, 1], data: ["4.000000:3"] });
});

test("integers keep all digits, equal values their order, and NaN is last", () => {
  expect(classes([[2n ** 62n, 2n ** 62n + 1n]], 2, "int64")).toEqual({ shape: [1, 2], data: ["4611686018427387905:1", "4611686018427387904:0"] });
  expect(classes([[7, 7, 7]], 2, "uint8")).toEqual({ shape: [1, 2], data: ["7:0", "7:1"] });
  expect(classes([[Number.NaN, -Infinity, 1]], 3)).toEqual({ shape: [1, 3], data: ["1.000000:2", "-infinity:1", "nan:0"] });
});

test("names of the classes follow, where there is one for each, as a real Triton writes them", () => {
  const rows = NdArray.from([[0.1, 0.7, 0.2], [0.5, 0.1, 0.4]], "float32");
  expect(largestClasses(rows, 2, ["cat", "dog", "bird"]).data).toEqual(["0.700000:1:dog", "0.200000:2:bird", "0.500000:0:cat", "0.400000:2:bird"]);
  expect(largestClasses(rows, 1, ["cat", "dog"]).data).toEqual(["0.700000:1", "0.500000:0"]);
});

test("no rows and no classes give nothing", () => {
  expect(largestClasses(NdArray.zeros("float32", [0, 3]), 2).shape).toEqual([0, 0]);
  expect(largestClasses(NdArray.zeros("float32", [2, 0]), 2).shape).toEqual([2, 0]);
});

const spec = (dtype: Dtype): { name: string; dtype: Dtype; shape: (number | string)[] } => ({ name: "p", dtype, shape: ["batch", 3] });
const scoring = (dtype: Dtype, values: unknown): ReturnType<typeof fakeModel> => fakeModel(dtype, [{ ...spec("float32"), name: "x" }], [spec(dtype)], () => NdArray.from(values, dtype));
const ask = (parameters: object): object => ({
  inputs: [{ name: "x", datatype: "FP32", shape: [1, 3], data: [0, 0, 0] }],
  outputs: [{ name: "p", parameters }],
});

test("a request asks for it output by output, as JSON or binary, of FP16 too", async () => {
  await using server = await serve([scoring("float32", [[1, 3, 2]]), scoring("float16", [[1, 3, 2]])]);
  for (const name of ["float32", "float16"]) {
    const response = await send(server.port, { path: `/v2/models/${name}/infer`, body: ask({ classification: 2 }) });
    expect(response.json()["outputs"]).toEqual([{ name: "p", datatype: "BYTES", shape: [1, 2], data: ["3.000000:1", "2.000000:2"] }]);
  }
  const binary = await send(server.port, { path: "/v2/models/float32/infer", body: ask({ classification: 1, binary_data: true }) });
  const header = Number(binary.headers["inference-header-content-length"]);
  expect(binary.bytes.subarray(header)).toEqual(Buffer.from("\x0a\0\0\x003.000000:1", "latin1"));
  const all = await send(server.port, { path: "/v2/models/float32/infer", body: ask({ classification: 0 }) });
  expect(all.json()["outputs"]).toMatchObject([{ datatype: "FP32", data: [1, 3, 2] }]);
});

test("a model that knows the names of its classes tells them, in the summary too", async () => {
  await using server = await serve([{ ...scoring("float32", [[1, 3, 2]]), labels: { p: ["cat", "dog", "bird"] } }]);
  const response = await send(server.port, { path: "/v2/models/float32/infer", body: ask({ classification: 1 }) });
  expect(response.json()["outputs"]).toMatchObject([{ data: ["3.000000:1:dog"] }]);
  const summary = (await send(server.port, { path: "/page/summary" })).json();
  expect(summary["models"]).toMatchObject([{ outputs: [{ name: "p", labels: ["cat", "dog", "bird"] }] }]);
});

test.each([
  ["string", { classification: 1 }, /output "p" is string, so it has no largest values/],
  ["float32", { classification: -1 }, /"classification" of output "p" must be a whole number of 0 or more, it is the number -1/],
  ["float32", { classification: "2" }, /it is the string "2"/],
])("of %s %j is refused", async (dtype, parameters, error) => {
  await using server = await serve([scoring(dtype as Dtype, dtype === "string" ? [["a", "b", "c"]] : [[1, 2, 3]])]);
  const response = await send(server.port, { path: `/v2/models/${dtype}/infer`, body: ask(parameters) });
  expect([response.status, response.json()["error"]]).toEqual([400, expect.stringMatching(error)]);
});
