import { expect, test } from "vitest";
import { countTests } from "./vitest-step.mjs";

const passedFile = { status: "passed", assertionResults: [{ status: "passed" }, { status: "passed" }] };

test("tests are counted as vitest counts them", () => {
  const failedFile = { status: "failed", assertionResults: [{ status: "passed" }, { status: "failed" }] };
  const report = { numPassedTests: 3, numFailedTests: 1, testResults: [passedFile, failedFile] };
  expect(countTests(report, 1)).toEqual({ passed: 3, failed: 1 });
});

test("a file that could not be loaded is a failure", () => {
  const brokenFile = { status: "failed", assertionResults: [] };
  const report = { numPassedTests: 2, numFailedTests: 0, testResults: [passedFile, brokenFile] };
  expect(countTests(report, 1)).toEqual({ passed: 2, failed: 1 });
});

test("a run that fails although all its tests pass is a failure", () => {
  const report = { numPassedTests: 2, numFailedTests: 0, testResults: [passedFile] };
  expect(countTests(report, 0)).toEqual({ passed: 2, failed: 0 });
  expect(countTests(report, 1)).toEqual({ passed: 2, failed: 1 });
});

test("a run that left no report is a failure", () => {
  expect(countTests(undefined, 0)).toEqual({ passed: 0, failed: 1 });
});
