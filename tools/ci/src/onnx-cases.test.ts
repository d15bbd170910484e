import { expect, test } from "vitest";
import { differenceOf, distanceOf } from "../onnx-cases/case-arrays.mjs";
import type { CaseTensor } from "../onnx-cases/case-file.mjs";
import { CaseTable } from "../onnx-cases/case-table.mjs";
import { sampleOf } from "../onnx-cases/sample.mjs";

function floats(...values: number[]): CaseTensor {
  return { type: "float32", dims: [values.length], data: new Uint8Array(Float32Array.from(values).buffer) };
}

const texts = (...data: string[]): CaseTensor => ({ type: "string", dims: [data.length], data });

test("differences are told bit by bit", () => {
  expect(differenceOf(floats(1, NaN), floats(1, NaN))).toBeUndefined();
  expect(differenceOf(floats(0), floats(-0))).toBe("byte 3 of float32 [1] is 0, not 128");
  expect(differenceOf(texts("a", "b"), texts("a", "c"))).toBe("text 1 of string [2] is b, not c");
  expect(differenceOf(floats(1), floats(1, 2))).toBe("float32 [1] instead of float32 [2]");
  expect(differenceOf({ ...floats(1), type: "int32" }, floats(1))).toBe("int32 [1] instead of float32 [1]");
});

test("references may be missed by the tolerances", () => {
  const tolerances = { rtol: 1e-3, atol: 1e-7 };
  expect(distanceOf(floats(1.0009, NaN, Infinity), floats(1, NaN, Infinity), tolerances)).toBeUndefined();
  expect(distanceOf(floats(1, 1.0011), floats(1, 1), tolerances)).toContain("element 1 is too far away");
  expect(distanceOf(floats(-Infinity), floats(Infinity), tolerances)).toContain("too far");
  expect(distanceOf(floats(1), floats(NaN), tolerances)).toContain("too far");
  expect(distanceOf(texts("a"), texts("b"), tolerances)).toContain("text 0");
});

test("a sample is the same for one seed, and another for another", () => {
  const cases = Array.from({ length: 100 }, (_, index) => ({ name: `case ${index}` }));
  const sample = sampleOf(cases, 10, 1);
  expect(sample).toEqual(sampleOf(cases, 10, 1));
  expect(sample).toHaveLength(10);
  expect(sample).not.toEqual(sampleOf(cases, 10, 2));
  expect(sampleOf(cases, Infinity, 1)).toEqual(cases);
});

test("what the engine cannot run is no failure, what a runner cannot is", async () => {
  const table = new CaseTable();
  table.notRun("a", new Error("no such operator"));
  await table.ours("b", () => Promise.resolve());
  await table.ours("c", () => Promise.reject(new Error("another number")));
  expect(table.counts).toEqual({ passed: 1, failed: 1 });
  expect(table.text()).toContain("3 cases; the engine runs 2 of them correctly, runners give the same for 1.");
  expect(table.text()).toContain("DIFFERENT c: another number");
});
