import { expect, test } from "vitest";
import { BatchKey } from "../batching/index.js";
import { Configuration, type BatchingConfiguration } from "../configuration/index.js";
import type { MethodSpec } from "../handles/index.js";
import { methodSpecs } from "./method-specs.js";
import type { RunnableMethods } from "./runnable.js";
import type { RunnerOptions } from "./runner-options.js";

const byDefault = Configuration.load({ file: false, environment: {} }).runner("r").batching;

function specs(table: RunnableMethods, options: RunnerOptions = {}, batching: Partial<BatchingConfiguration> = {}): MethodSpec[] {
  return methodSpecs(table, { runner: "r", options, batching: { ...byDefault, ...batching }, latencyIsConfigured: batching.maxLatencyMs !== undefined });
}

const methods = { predict: { batchable: true }, describe: {} } as const;

test("methodConfigs win over the runner's options, those over the configuration", () => {
  const [unset] = specs(methods);
  expect([unset?.maxBatchSize, unset?.maxLatencyMs]).toEqual([100, 60_000]);
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

test("what a run can take at most is never exceeded, and may be less than it", () => {
  const table = { predict: { batchable: true, maxBatchSize: 4 } };
  expect([8, 3].map((maxBatchSize) => specs(table, { maxBatchSize })[0]?.maxBatchSize)).toEqual([4, 3]);
  for (const maxBatchSize of [0, 1.5, Number.NaN]) {
    expect(() => specs({ a: { batchable: true, maxBatchSize } })).toThrow(/maxBatchSize of method "a" is .*; it must be a whole number of items/);
  }
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
  { options: { batchingStrategy: "fast" }, message: /^batchingStrategy of runner "r" is "fast"; it must be "adaptive", "fixed" or "off"\./ },
  { options: { methodConfigs: { describe: { batchingStrategy: true } } }, message: /^methodConfigs\.describe\.batchingStrategy of runner "r" is true; it must be "adaptive"/ },
  { options: { batchingStrategy: "fixed", maxQueueDelayMs: -1 }, message: /^maxQueueDelayMs of runner "r" is -1; it must be a number of milliseconds, 0 or more/ },
  { options: { batchingStrategy: "fixed", maxQueueDelayMs: "5" }, message: /^maxQueueDelayMs of runner "r" is "5"/ },
  { options: { methodConfigs: { predict: { maxBatchSzie: 1 } } }, message: /^methodConfigs\.predict of runner "r" has no option "maxBatchSzie", did you mean "maxBatchSize"\? It has: batchingStrategy, / },
  { options: { methodConfigs: { perdict: { maxBatchSize: 1 } } }, message: /"perdict".*only these methods: predict, describe/ },
])("$message", ({ options, message }) => {
  expect(() => specs(methods, options as RunnerOptions)).toThrow(message);
});

/** What a lone call and a full batch are told by the policy of the method, whose call came at 100 and must start by 200. */
function decisions({ policy }: Pick<MethodSpec, "policy">): (number | undefined)[] {
  const situation = { running: 0, idleWorkers: 1, workers: 1, maxBatchSize: 8, headAcceptedAt: 100, headStartBy: 200, batchTime: new BatchKey({}, SIZE_8).batchTime, callers: new BatchKey({}, SIZE_8).callers, waitingSince: -1 };
  return [1, 8].map((waiting) => policy?.({ ...situation, now: 100, waiting }).until);
}
const SIZE_8 = { name: "m", maxBatchSize: 8 };

test("the strategy: methodConfigs, then the runner's options, then the configuration, else adaptive", () => {
  const two = { predict: { batchable: true }, embed: { batchable: true } } as const;
  expect(specs(two).map(({ batchable, policy }) => [batchable, policy])).toEqual([[true, undefined], [true, undefined]]);
  const configured = { strategy: "fixed", maxQueueDelayMs: 5 } as const;
  expect(specs(two, {}, configured).map(decisions)).toEqual([[105, undefined], [105, undefined]]);
  expect(specs(two, { maxQueueDelayMs: 6 }, configured).map(decisions)).toEqual([[106, undefined], [106, undefined]]);
  expect(specs(two, { batchingStrategy: "adaptive" }, configured).map(({ policy }) => policy)).toEqual([undefined, undefined]);
  const [predict, embed] = specs(two, { batchingStrategy: "fixed", maxQueueDelayMs: 7, methodConfigs: { embed: { batchingStrategy: "off" } } }, { strategy: "adaptive" });
  expect([predict, embed].map((spec) => [spec?.batchable, spec?.maxBatchSize])).toEqual([[true, 100], [false, 1]]);
  expect(decisions(predict as MethodSpec)).toEqual([107, undefined]);
});

test("batching that is switched off stays off, whatever the strategy", () => {
  expect(specs(methods, { batchingStrategy: "fixed", maxQueueDelayMs: 5 }, { enabled: false })).toMatchObject([{ batchable: false, policy: undefined }, { batchable: false }]);
});

test("a fixed strategy without a delay waits as long as the latency limit allows, if somebody chose one", () => {
  const fixed = { batchingStrategy: "fixed" } as const;
  // 5 % of the limit are kept.
  for (const given of [specs(methods, { ...fixed, maxLatencyMs: 50 }), specs(methods, { ...fixed, methodConfigs: { predict: { maxLatencyMs: 50 } } }), specs(methods, fixed, { maxLatencyMs: 50 })]) {
    expect(decisions(given[0] as MethodSpec)).toEqual([195, undefined]);
  }
  expect(() => specs(methods, fixed)).toThrow(/strategy of method "predict" of runner "r" is "fixed", but nothing says how long a call may wait for others: set maxQueueDelayMs, or maxLatencyMs/);
  expect(() => specs({ describe: {} }, fixed)).not.toThrow();
});

test("a delay for a strategy that takes none is told, unless it stands farther off than the strategy", () => {
  const refused = /maxQueueDelayMs of runner "r" is 5, but the batching strategy of method "predict" is "adaptive", which takes no delay: set batchingStrategy to "fixed"/;
  expect(() => specs(methods, { maxQueueDelayMs: 5 })).toThrow(refused);
  expect(() => specs(methods, {}, { maxQueueDelayMs: 5 })).toThrow(/^maxQueueDelayMs of the configuration of runner "r" is 5/);
  expect(() => specs(methods, { batchingStrategy: "fixed", methodConfigs: { predict: { batchingStrategy: "off", maxQueueDelayMs: 5 } } })).toThrow(/^methodConfigs\.predict\.maxQueueDelayMs .* is "off"/);
  expect(() => specs(methods, { batchingStrategy: "adaptive" }, { maxQueueDelayMs: 5 })).not.toThrow();
  expect(() => specs({ describe: {} }, { maxQueueDelayMs: 5 })).not.toThrow();
});

test("a Runnable without methods, and methods that would break the runner, are refused", () => {
  expect(() => specs({})).toThrow(/"r" has no methods/);
  expect(() => specs({ then: {} })).toThrow(/cannot be called "then"/);
});

test("maxConcurrency is one by default, and a whole number", () => {
  expect(specs({ a: {}, b: { maxConcurrency: 8 } }).map(({ maxConcurrency }) => maxConcurrency)).toEqual([1, 8]);
  for (const maxConcurrency of [0, 1.5, Number.NaN]) expect(() => specs({ a: { maxConcurrency } })).toThrow(/maxConcurrency of method "a" is .*; it must be a whole number of batches/);
});
