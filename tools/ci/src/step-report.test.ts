import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StepReport, readClosingLine, readRemarks } from "./step-report.mjs";

beforeEach(() => {
  vi.spyOn(console, "log").mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
});

test("the totals are those of all steps, and an exit code counts as one", async () => {
  const report = new StepReport();
  expect(await report.step("tests", async () => ({ passed: 12, failed: 0 }))).toBe(true);
  expect(await report.step("lint", async () => 0)).toBe(true);
  expect(await report.step("more tests", async () => ({ passed: 3, failed: 2 }))).toBe(false);
  expect(await report.step("build", async () => 7)).toBe(false);
  expect([report.passed, report.failed]).toEqual([16, 3]);
});

test("a step that throws is one failure, and its message is shown", async () => {
  const report = new StepReport();
  const passed = await report.step("served model", async () => {
    throw new Error("no address was printed");
  });
  expect(passed).toBe(false);
  expect(report.failed).toBe(1);
  expect(console.log).toHaveBeenCalledWith("no address was printed");
});

test("a step that cannot run is one failure", async () => {
  const report = new StepReport();
  await report.cannotRun("end-to-end tests", "Not run.");
  expect([report.passed, report.failed]).toEqual([0, 1]);
});

test("the last line of the summary is the totals alone", async () => {
  const report = new StepReport();
  await report.step("tests", async () => ({ passed: 12, failed: 1 }));
  expect(report.summary()).toMatch(/\n\n12 passed, 1 failed\n$/);
  expect(readClosingLine(report.summary())).toEqual({ passed: 12, failed: 1 });
});

test("an output that does not end with the totals has none", () => {
  expect(readClosingLine("12 passed, 1 failed\nthen it crashed\n")).toBeUndefined();
  expect(readClosingLine("x12 passed, 1 failed\n")).toBeUndefined();
});

test("the summary names what failed, and its reader finds the names, not those of a part before", async () => {
  const part = new StepReport();
  await part.step("unit tests", async () => ({ passed: 1, failed: 1, remarks: ["a.test.ts > adds failed: 3"] }));
  await part.step("build", async () => 1);
  const told = ["unit tests: a.test.ts > adds failed: 3", "build: failed"];
  expect(readRemarks(part.summary())).toEqual(told);

  const whole = new StepReport();
  await whole.step("npm test", async () => ({ passed: 1, failed: 2, remarks: readRemarks(part.summary()) }));
  expect(readRemarks(`${part.summary()}${whole.summary()}`)).toEqual(told.map((remark) => `npm test: ${remark}`));
});

test("a summary of steps that passed has no remarks", async () => {
  const report = new StepReport();
  await report.step("tests", async () => ({ passed: 12, failed: 0 }));
  expect(readRemarks(report.summary())).toEqual([]);
});
