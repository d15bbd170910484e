import { expect, test } from "vitest";
import type { BatchingConfiguration } from "../configuration/index.js";
import type { MethodSpec } from "../handles/index.js";
import { methodSpecs } from "./method-specs.js";
import type { RunnableMethods } from "./runnable.js";
import type { RunnerOptions } from "./runner-options.js";

function specs(table: RunnableMethods, options: RunnerOptions = {}, batching: Partial<BatchingConfiguration> = {}): MethodSpec[] {
  return methodSpecs(table, { runner: "r", options, batching: { enabled: true, maxBatchSize: 100, maxLatencyMs: 60_000, ...batching } });
}

const methods = { predict: { batchable: true }, describe: {} } as const;

test("methodConfigs win over the runner's options, those over the configuration", () => {
  const [byDefault] = specs(methods);
  expect([byDefault?.maxBatchSize, byDefault?.maxLatencyMs]).toEqual([100, 60_000]);
  const [byConfiguration] = specs(methods, {}, { maxBatchSize: 16, maxLatencyMs: 70 });
  expect([byConfiguration?.maxBatchSize, byConfiguration?.maxLatencyMs]).toEqual([16, 70]);
  const [byRunner] = specs(methods, { maxBatchSize: 8, maxLatencyMs: 50 }, { maxBatchSize: 16 });
  expect([byRunner?.maxBatchSize, byRunner?.maxLatencyMs]).toEqual([8, 50]);
  const [byMethod] = specs(methods, { maxBatchSize: 8, methodConfigs: { predict: { maxBatchSize: 4 } } }, { maxLatencyMs: 70 });
  expect([byMethod?.maxBatchSize, byMethod?.maxLatencyMs]).toEqual([4, 70]);
});

test("a method that is not batchable runs one call at a time, whatever the options say", () => {
  expect(specs(methods, { maxBatchSize: 8 })[1]?.maxBatchSize).toBe(1);
});

test("D8: batching that a configuration switches off leaves the Runnable's own table as it was", () => {
  const table = Object.freeze({ predict: Object.freeze({ batchable: true }) });
  expect(specs(table, { maxBatchSize: 8 }, { enabled: false })).toMatchObject([{ batchable: false, maxBatchSize: 1 }]);
  expect(specs(table, { maxBatchSize: 8 })).toMatchObject([{ batchable: true, maxBatchSize: 8 }]);
});

test("one batch dim stands for arguments and result", () => {
  expect(specs({ a: { batchable: true, batchDim: 1 }, b: { batchable: true, batchDim: [0, 2] } }).map((spec) => spec.batchDim)).toEqual([
    [1, 1],
    [0, 2],
  ]);
});

test.each([
  { options: { maxBatchSize: 0 }, message: /^maxBatchSize of runner "r" is 0; it must be a whole number/ },
  { options: { methodConfigs: { describe: { maxLatencyMs: -1 } } }, message: /^methodConfigs\.describe\.maxLatencyMs of runner "r" is -1/ },
  { options: { maxBatchSize: 2.5 }, message: /maxBatchSize.*2\.5.*whole number/ },
  { options: { maxLatencyMs: Number.NaN }, message: /maxLatencyMs.*NaN/ },
  { options: { methodConfigs: { perdict: { maxBatchSize: 1 } } }, message: /"perdict".*only these methods: predict, describe/ },
])("$message", ({ options, message }) => {
  expect(() => specs(methods, options)).toThrow(message);
});

test("a Runnable without methods, and methods that would break the runner, are refused", () => {
  expect(() => specs({})).toThrow(/"r" has no methods/);
  expect(() => specs({ then: {} })).toThrow(/cannot be called "then"/);
});

test("maxConcurrency is one by default, and a whole number", () => {
  expect(specs({ a: {}, b: { maxConcurrency: 8 } }).map(({ maxConcurrency }) => maxConcurrency)).toEqual([1, 8]);
  for (const maxConcurrency of [0, 1.5, Number.NaN]) expect(() => specs({ a: { maxConcurrency } })).toThrow(/maxConcurrency of method "a" is .*; it must be a whole number of batches/);
});
