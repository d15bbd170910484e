import { expect, test } from "vitest";
import { Configuration } from "../configuration/index.js";
import { RunnerScheduling } from "./runner-scheduling.js";
import type { RunnerOptions } from "./runner-options.js";

function scheduling(supportedResources: string[], environment: Record<string, string>): RunnerScheduling {
  const options: RunnerOptions = { schedulingStrategy: { workerCount: () => 1, workerEnvironment: () => environment } };
  const settings = Configuration.load({ file: false, environment: {}, options: {} }).runner("r");
  return new RunnerScheduling("r", { module: "file:///r.mjs", export: "R", params: undefined, methods: {}, supportedResources }, undefined, options, settings);
}

test.each([
  { supported: ["nvidia.com/gpu", "cpu"], visible: "0,1", gives: true },
  { supported: ["nvidia.com/gpu", "cpu"], visible: "-1", gives: false },
  { supported: ["nvidia.com/gpu", "cpu"], visible: "", gives: false },
  { supported: ["cpu"], visible: "0", gives: false },
])("a Runnable for $supported that is shown GPUs \"$visible\": workers have GPUs $gives", ({ supported, visible, gives }) => {
  expect(scheduling(supported, { CUDA_VISIBLE_DEVICES: visible }).givesGpus).toBe(gives);
});

test("a strategy that says nothing of GPUs gives none", () => {
  expect(scheduling(["nvidia.com/gpu"], {}).givesGpus).toBe(false);
});
