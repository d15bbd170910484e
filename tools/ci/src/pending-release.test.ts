import { expect, test } from "vitest";
import { packagesOf } from "./pending-release.mjs";

test("a changeset names its packages between the lines, and nothing else", () => {
  expect(packagesOf('---\n"bentoml-core": minor\nbentoml: patch\n---\n\n"bentoml-onnx": is not named here.\n')).toEqual(["bentoml-core", "bentoml"]);
});

test("an empty changeset names none", () => {
  expect(packagesOf("---\n---\n\nOnly for us.\n")).toEqual([]);
});
