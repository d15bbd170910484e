import { expect, test } from "vitest";
import { apiAddress, modelAddress, placeOf } from "./router.js";

test.each(["digits", "a/b", "#%?é'<"])("the address of model %j leads back to it", (name) => {
  expect(placeOf(modelAddress({ name, version: "v/1" }))).toEqual({ kind: "model", name, version: "v/1" });
});

test("other places", () => {
  expect(placeOf(apiAddress({ path: "/v1/classify" }))).toEqual({ kind: "api", path: "/v1/classify" });
  expect(placeOf("")).toEqual({ kind: "overview" });
  expect(placeOf("#/nowhere")).toEqual({ kind: "overview" });
  expect(placeOf("#/model/%E0%A4%A/x")).toEqual({ kind: "model", name: "%E0%A4%A", version: "x" });
  expect(placeOf("#content")).toBeUndefined();
});
