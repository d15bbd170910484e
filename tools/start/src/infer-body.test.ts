import { readHeldOut } from "@bentoml-tools/digits";
import { expect, test } from "vitest";
import { inferBody, likeliestDigit } from "./infer-body.js";

test("a body has the 64 pixels of its image", () => {
  const digits = readHeldOut();
  const body = JSON.parse(inferBody(digits, 7)) as { inputs: { shape: number[]; data: number[] }[] };
  expect(body.inputs[0]?.shape).toEqual([1, 1, 8, 8]);
  expect(body.inputs[0]?.data).toEqual([...digits.images.slice(7 * 64, 8 * 64)]);
});

test("the likeliest digit is that of the greatest probability", () => {
  const data = [0.01, 0.02, 0.01, 0.9, 0, 0, 0, 0.06, 0, 0];
  expect(likeliestDigit(JSON.stringify({ outputs: [{ data }] }))).toBe(3);
  expect(() => likeliestDigit('{"outputs":[{"data":[1]}]}')).toThrow("ten probabilities");
  expect(() => likeliestDigit('{"error":"busy"}')).toThrow("busy");
});
