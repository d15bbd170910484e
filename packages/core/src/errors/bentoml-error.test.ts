import { expect, test, vi } from "vitest";
import { BentoMLError, InvalidArgumentError, ModelNotFoundError, NotFoundError, StateError, isBentoMLError } from "./index.js";

/** Another copy of this package. */
async function anotherCopy(): Promise<typeof import("./index.js")> {
  vi.resetModules();
  return import("./index.js");
}

test("instanceof goes by class in one copy", () => {
  class NotFoundError extends BentoMLError {}
  const error = new ModelNotFoundError("gone");
  expect(error).toBeInstanceOf(BentoMLError);
  expect(error).not.toBeInstanceOf(InvalidArgumentError);
  // A class of the user's own that has the name of one of ours.
  expect(error).not.toBeInstanceOf(NotFoundError);
});

test("instanceof knows the errors of another copy by the names of their classes", async () => {
  const other = await anotherCopy();
  expect(other.NotFoundError).not.toBe(NotFoundError);
  const error: unknown = new other.ModelNotFoundError("gone");
  const isOf = [BentoMLError, NotFoundError, ModelNotFoundError, InvalidArgumentError, StateError].map((errorClass) => error instanceof errorClass);
  expect(isOf).toEqual([true, true, true, false, false]);
  expect(isBentoMLError(error)).toBe(true);
});

test.each([null, undefined, 1, "BentoMLError", {}, new Error("BentoMLError"), Object.create(null)])("%j is no error of ours", (value) => {
  expect(value instanceof BentoMLError).toBe(false);
  expect(isBentoMLError(value)).toBe(false);
});

test("an error of a class that extends ours is told from others of its name's likes", async () => {
  const other = await anotherCopy();
  class TooWarm extends other.InvalidArgumentError {}
  class TooCold extends InvalidArgumentError {}
  const error: unknown = new TooWarm("40 degrees");
  expect(error instanceof InvalidArgumentError).toBe(true);
  expect(error instanceof TooCold).toBe(false);
});
