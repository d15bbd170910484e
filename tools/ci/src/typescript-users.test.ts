import { expect, test } from "vitest";
import { errorsOfOurs } from "./typescript-users.mjs";

const own = "example.ts(9,45): error TS2349: This expression is not callable.";
const ours = "node_modules/bentoml-onnx/dist/index.d.ts(1,1): error TS2307: Cannot find module.";
const theirs = "node_modules/@tensorflow/tfjs-core/dist/hash_util.d.ts(2,49): error TS2304: Cannot find name 'Long'.";

test("errors of other people's packages are left out", () => {
  expect(errorsOfOurs(["tsc ended with 2.", theirs, own, "  Type 'a' has no call signatures.", ours].join("\n"))).toEqual([own, ours]);
  expect(errorsOfOurs(theirs)).toEqual([]);
});

test("a compiler that failed without an error of that form is told of as it is", () => {
  expect(errorsOfOurs("tsc ended with 1.\nout of memory")).toEqual(["tsc ended with 1.\nout of memory"]);
});
