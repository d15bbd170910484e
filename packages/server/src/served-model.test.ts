import { InvalidArgumentError, Tag, type ModelSignature, type TensorSpec } from "bentoml-core";
import { expect, test } from "vitest";
import { servedModel, type ServableModel } from "./served-model.js";
import { FakeRunner } from "./testing/fake-runner.js";

const signature: ModelSignature = {
  batchable: true,
  batchDim: [0, 0],
  inputSpec: [{ name: "x", dtype: "float32", shape: [-1] }],
  outputSpec: [{ name: "y", dtype: "float32", shape: [-1] }],
};

function stored(signatures: Record<string, ModelSignature>, frameworkName = "onnx", metadata?: Record<string, unknown>): ServableModel {
  const context = { frameworkName, frameworkVersions: {}, bentomlVersion: "1", pythonVersion: "3" };
  return { tag: Tag.parse("digits:v7"), info: { signatures, context, ...(metadata === undefined ? {} : { metadata }) } };
}

const runner = new FakeRunner("digits", () => undefined);

test("a model is served under its tag by its only method", () => {
  expect(servedModel(stored({ run: signature }), runner)).toEqual({
    name: "digits",
    version: "v7",
    runner,
    method: "run",
    inputs: signature.inputSpec,
    outputs: signature.outputSpec,
    platform: "onnx_onnxv1",
  });
});

test("overrides win, unknown frameworks name themselves", () => {
  const served = servedModel(stored({ run: signature, embed: signature }, "mine"), runner, { name: "other", version: "1" });
  expect(served).toMatchObject({ name: "other", version: "1", method: "run", platform: "mine" });
});

test("a model without specs is served with none", () => {
  expect(servedModel(stored({ run: { batchable: false, batchDim: [0, 0] } }), runner)).toMatchObject({ inputs: [], outputs: [] });
});

test("a method that cannot be told, or that the runner lacks, is refused", () => {
  expect(() => servedModel(stored({ a: signature, b: signature }), runner)).toThrow(/methods a, b: say which/);
  expect(() => servedModel(stored({ predict: signature }), runner)).toThrow(InvalidArgumentError);
  expect(() => servedModel(stored({ predict: signature }), runner)).toThrow(/no method "predict"/);
});

const scores: TensorSpec = { name: "probabilities", dtype: "float32", shape: ["batch", 3] };
const best: TensorSpec = { name: "label", dtype: "int64", shape: ["batch"] };
const texts: TensorSpec = { name: "text", dtype: "string", shape: ["batch", 3] };
const others: TensorSpec = { name: "embedding", dtype: "float32", shape: ["batch", 64] };

test.each<[unknown, unknown]>([
  [["cat", "dog", "bird"], { probabilities: ["cat", "dog", "bird"], label: ["cat", "dog", "bird"] }],
  [[3, 5, 8], { probabilities: ["3", "5", "8"], label: ["3", "5", "8"] }],
  [["cat", "dog"], { label: ["cat", "dog"] }],
  [{ probabilities: ["a", "b", "c"], embedding: "none" }, { probabilities: ["a", "b", "c"] }],
  ["animals", undefined],
  [[], undefined],
  [[{}], undefined],
  [null, undefined],
])("class names of the metadata %j are of the outputs that speak of classes", (labels, expected) => {
  const model = stored({ run: { ...signature, outputSpec: [scores, best, texts, others] } }, "onnx", { labels });
  expect(servedModel(model, runner).labels).toEqual(expected);
  expect(servedModel(model, runner, { labels: {} }).labels).toEqual({});
});

test("scores whose number is open may be of any classes", () => {
  for (const shape of [["batch", "classes"], [-1, -1]]) {
    const model = stored({ run: { ...signature, outputSpec: [{ ...scores, shape }] } }, "onnx", { labels: ["a", "b"] });
    expect(servedModel(model, runner).labels).toEqual({ probabilities: ["a", "b"] });
  }
});
