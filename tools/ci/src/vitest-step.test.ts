import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "./repository.mjs";
import { countTests, remarksOn } from "./vitest-step.mjs";

const passedFile = { name: join(repository, "a.test.ts"), status: "passed", assertionResults: [tested("passed"), tested("passed")] };

test("tests are counted as vitest counts them", () => {
  const failedFile = { ...passedFile, status: "failed", assertionResults: [tested("passed"), tested("failed")] };
  const report = { numPassedTests: 3, numFailedTests: 1, testResults: [passedFile, failedFile] };
  expect(countTests(report, 1)).toEqual({ passed: 3, failed: 1 });
});

test("a file that could not be loaded is a failure", () => {
  const brokenFile = { ...passedFile, status: "failed", assertionResults: [] };
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

test("each test that failed has a line, and each that passed when it was tried again", () => {
  const brokenFile = { ...passedFile, name: join(repository, "b.test.ts"), status: "failed", message: "\nno such module\n", assertionResults: [] };
  const tries = [tested("passed"), tested("failed", "slow\n at a line", "slower"), tested("passed", "slow\n at a line")];
  const report = { numPassedTests: 0, numFailedTests: 0, testResults: [{ ...passedFile, status: "failed", assertionResults: tries }, brokenFile] };
  expect(remarksOn(report)).toEqual([
    "a.test.ts > adds failed: slower",
    "a.test.ts > adds passed at another try: slow",
    "b.test.ts failed: no such module",
  ]);
});

function tested(status: string, ...failureMessages: string[]) {
  return { status, fullName: "adds", failureMessages };
}
