import { describe, expect, test } from "vitest";
import { providerNames, sessionOptions, threadCandidates } from "./session-options.js";

const spins = (flag: string): unknown => ({ extra: { session: { intra_op: { allow_spinning: flag } } } });

describe("threadCandidates", () => {
  test.each([
    [{}, 4, { threads: 1, spinning: false }, { threads: 4, spinning: true }],
    [{}, 1, { threads: 1, spinning: false }, { threads: 1, spinning: false }],
    [{ intraOpNumThreads: 3 }, 4, { threads: 3, spinning: false }, { threads: 3, spinning: true }],
    [{ spinning: false }, 4, { threads: 1, spinning: false }, { threads: 4, spinning: false }],
    [{ spinning: true }, 4, { threads: 1, spinning: true }, { threads: 4, spinning: true }],
    [{ intraOpNumThreads: 2, spinning: true }, 4, { threads: 2, spinning: true }, { threads: 2, spinning: true }],
    [{ sessionOptions: { intraOpNumThreads: 2 } }, 4, { threads: 2, spinning: false }, { threads: 2, spinning: true }],
    [
      { sessionOptions: { extra: { "session.intra_op.allow_spinning": "0" } } },
      4,
      { threads: 1, spinning: false },
      { threads: 4, spinning: false },
    ],
  ])("%j on %i threads", (options, available, lean, full) => {
    expect(threadCandidates(options, available)).toEqual({ lean, full });
  });
});

describe("sessionOptions", () => {
  test("are sequential on the CPU unless said otherwise", () => {
    expect(sessionOptions({}, { threads: 2, spinning: true })).toEqual({
      executionProviders: ["cpu"],
      intraOpNumThreads: 2,
      interOpNumThreads: 1,
      executionMode: "sequential",
      ...(spins("1") as object),
    });
  });

  test("keep what the user gives beside", () => {
    const given = {
      graphOptimizationLevel: "basic",
      executionProviders: ["webgpu"],
      extra: { "session.intra_op.allow_spinning": "1", session: { disable_prepacking: "1", intra_op: { other: "2" } } },
    } as const;
    expect(sessionOptions({ sessionOptions: given, executionProviders: ["cuda", "cpu"] }, { threads: 1, spinning: false })).toMatchObject({
      graphOptimizationLevel: "basic",
      executionProviders: ["cuda", "cpu"],
      extra: { session: { disable_prepacking: "1", intra_op: { allow_spinning: "0", other: "2" } } },
    });
    expect(sessionOptions({ sessionOptions: given }, { threads: 1, spinning: false }).executionProviders).toEqual(["webgpu"]);
  });
});

test("providerNames", () => {
  expect(providerNames({ executionProviders: ["cuda", { name: "cpu" }] })).toEqual(["cuda", "cpu"]);
  expect(providerNames({})).toEqual(["cpu"]);
});
