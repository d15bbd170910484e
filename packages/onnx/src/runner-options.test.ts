import { InvalidArgumentError } from "bentoml-core";
import { expect, test } from "vitest";
import { checkRunnerOptions, onlyRunnerOptions, type OnnxRunnerOptions } from "./runner-options.js";

test.each<[OnnxRunnerOptions, string | RegExp]>([
  [{ intraOpNumThreads: 0 }, "intraOpNumThreads is 0"],
  [{ intraOpNumThreads: 1.5 }, "intraOpNumThreads is 1.5"],
  [{ sessionOptions: { intraOpNumThreads: -1 } }, "sessionOptions.intraOpNumThreads is -1"],
  [{ padTo: 2.5 }, "padTo is 2.5: it must be a whole number of rows"],
  [{ spinning: "no" as never }, 'spinning is "no"'],
  [{ executionProviders: [] }, "executionProviders is []"],
  [{ executionProviders: "cuda" as never }, 'executionProviders is "cuda"'],
  [{ executionProviders: [{} as never] }, "executionProviders is [{}]"],
  [{ sessionOptions: { executionMode: "parallel" } }, 'executionMode is "parallel"'],
  [{ sessionOptions: { executionMode: "both" as never } }, 'executionMode is "both"'],
  [{ sessionOptions: { graphOptimisationLevel: "all" } as never }, /no option "graphOptimisationLevel"\. It has: .*graphOptimizationLevel/],
  [{ sessionOptions: { extra: { callback: () => undefined } } }, "cannot be sent to a worker"],
])("%j is refused", (options, text) => {
  expect(() => checkRunnerOptions(options)).toThrow(InvalidArgumentError);
  expect(() => checkRunnerOptions(options)).toThrow(text);
});

test("good options pass, and leave those of every runner behind", () => {
  const options: OnnxRunnerOptions = {
    executionProviders: ["cuda", { name: "cpu" }],
    intraOpNumThreads: 2,
    spinning: false,
    outputs: ["y"],
    padTo: 4,
    shareWeights: true,
    sessionOptions: { graphOptimizationLevel: "all" },
  };
  expect(() => checkRunnerOptions(options)).not.toThrow();
  expect(onlyRunnerOptions({ ...options, prepare: () => undefined } as OnnxRunnerOptions)).toEqual(options);
  expect(onlyRunnerOptions({})).toEqual({});
});
