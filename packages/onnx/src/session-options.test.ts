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
      logSeverityLevel: 3,
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
      logSeverityLevel: 1,
      executionProviders: ["webgpu"],
      extra: { "session.intra_op.allow_spinning": "1", session: { disable_prepacking: "1", intra_op: { other: "2" } } },
    } as const;
    expect(sessionOptions({ sessionOptions: given, executionProviders: ["cuda", "cpu"] }, { threads: 1, spinning: false })).toMatchObject({
      graphOptimizationLevel: "basic",
      logSeverityLevel: 1,
      executionProviders: ["cuda", "cpu"],
      extra: { session: { disable_prepacking: "1", intra_op: { allow_spinning: "0", other: "2" } } },
    });
    expect(sessionOptions({ sessionOptions: given }, { threads: 1, spinning: false }).executionProviders).toEqual(["webgpu"]);
  });
});

test("shared weights are not rearranged, whatever form the user's own setting has", () => {
  const given = { extra: { "session.disable_prepacking": "0", session: { other: "3" } } };
  const { extra } = sessionOptions({ sessionOptions: given, shareWeights: true }, { threads: 1, spinning: false });
  expect(extra).toEqual({ session: { other: "3", disable_prepacking: "1", intra_op: { allow_spinning: "0" } } });
  expect(sessionOptions({ sessionOptions: given }, { threads: 1, spinning: false }).extra).toHaveProperty(["session.disable_prepacking"], "0");
});

test("providerNames", () => {
  expect(providerNames({ executionProviders: ["cuda", { name: "cpu" }] })).toEqual(["cuda", "cpu"]);
  expect(providerNames({})).toEqual(["cpu"]);
});
