import { MissingDependencyError } from "bentoml-core";
import { expect, test } from "vitest";
import { explainLoadFailure, loadSharp } from "./native-library.js";

const notInstalled = Object.assign(new Error("Cannot find package 'sharp' imported from /app/a.mjs"), { code: "ERR_MODULE_NOT_FOUND" });

test("a package that is missing is named with what to install", () => {
  const error = explainLoadFailure(notInstalled);
  expect(error).toBeInstanceOf(MissingDependencyError);
  expect(error.message).toContain("npm i sharp");
  expect(error.cause).toBe(notInstalled);
});

test("a native part that is missing is told apart", () => {
  const { message } = explainLoadFailure(new Error('Could not load the "sharp" module using the linux-x64 runtime\nPossible solutions:'));
  expect(message).toContain(`does not load on ${process.platform}-${process.arch}: Could not load the "sharp" module using the linux-x64 runtime`);
  expect(message).toContain("--omit=optional");
});

test("a failed load is tried again, a good one is kept", async () => {
  await expect(loadSharp(() => Promise.reject(notInstalled))).rejects.toBeInstanceOf(MissingDependencyError);
  const sharp = await loadSharp();
  expect(typeof sharp).toBe("function");
  expect(await loadSharp(() => Promise.reject(notInstalled))).toBe(sharp);
});
