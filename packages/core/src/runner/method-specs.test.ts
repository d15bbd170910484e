import { expect, test } from "vitest";
import { methodSpecs } from "./method-specs.js";

const methods = { predict: { batchable: true }, describe: {} } as const;

test("methodConfigs win over the runner's options, those over the defaults", () => {
  const [predict] = methodSpecs(methods, {}, "r");
  expect([predict?.maxBatchSize, predict?.maxLatencyMs]).toEqual([100, 60_000]);
  const [byRunner] = methodSpecs(methods, { maxBatchSize: 8, maxLatencyMs: 50 }, "r");
  expect([byRunner?.maxBatchSize, byRunner?.maxLatencyMs]).toEqual([8, 50]);
  const [byMethod] = methodSpecs(methods, { maxBatchSize: 8, methodConfigs: { predict: { maxBatchSize: 4 } } }, "r");
  expect(byMethod?.maxBatchSize).toBe(4);
});

test("a method that is not batchable runs one call at a time, whatever the options say", () => {
  expect(methodSpecs(methods, { maxBatchSize: 8 }, "r")[1]?.maxBatchSize).toBe(1);
});

test("one batch dim stands for arguments and result", () => {
  expect(methodSpecs({ a: { batchable: true, batchDim: 1 }, b: { batchable: true, batchDim: [0, 2] } }, {}, "r").map((spec) => spec.batchDim)).toEqual([
    [1, 1],
    [0, 2],
  ]);
});

test.each([
  { options: { maxBatchSize: 0 }, message: /maxBatchSize of method "predict" is 0/ },
  { options: { maxBatchSize: 2.5 }, message: /maxBatchSize.*2\.5.*whole number/ },
  { options: { maxLatencyMs: Number.NaN }, message: /maxLatencyMs.*NaN/ },
  { options: { methodConfigs: { perdict: { maxBatchSize: 1 } } }, message: /"perdict".*only these methods: predict, describe/ },
])("$message", ({ options, message }) => {
  expect(() => methodSpecs(methods, options, "r")).toThrow(message);
});

test("a Runnable without methods, and methods that would break the runner, are refused", () => {
  expect(() => methodSpecs({}, {}, "empty")).toThrow(/"empty" has no methods/);
  expect(() => methodSpecs({ then: {} }, {}, "r")).toThrow(/cannot be called "then"/);
});
