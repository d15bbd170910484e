import { expect, test } from "vitest";
import * as errors from "../../errors/index.js";
import { BentoMLError, InvalidArgumentError, ServiceUnavailableError, isBentoMLError, type BentoMLErrorClass } from "../../errors/index.js";
import { fromErrorData, toErrorData } from "./error-data.js";

const crossed = (error: unknown): Error => fromErrorData(structuredClone(toErrorData(error)));

test("our errors keep class, code, status, retry time and cause", () => {
  const error = crossed(new ServiceUnavailableError("busy", { retryAfterMs: 1_500, cause: new RangeError("queue") }));
  expect(error).toBeInstanceOf(ServiceUnavailableError);
  expect(error).toMatchObject({ code: "SERVICE_BUSY", httpStatus: 503, retryAfterMs: 1_500, message: "busy" });
  expect(error.cause).toMatchObject({ name: "RangeError", message: "queue" });
});

const classes = (Object.values(errors) as unknown[]).filter((value) => typeof value === "function" && value.prototype instanceof BentoMLError) as BentoMLErrorClass[];

test.each(classes.map((errorClass) => [errorClass.name, errorClass] as const))("%s stays what it is", (name, errorClass) => {
  const error = crossed(new errorClass("why"));
  expect(error.constructor).toBe(errorClass);
  expect(error).toMatchObject({ name, message: "why", code: new errorClass("why").code });
});

test("an error of a class that this side does not have is still one of ours", () => {
  class Special extends InvalidArgumentError {}
  const error = crossed(new Special("odd", { code: "ODD" }));
  expect(isBentoMLError(error)).toBe(true);
  expect(error).toMatchObject({ code: "ODD", httpStatus: 400 });
});

test("other errors keep name, message and stack; what is no error becomes one", () => {
  const original = new TypeError("x is not a function");
  const error = crossed(original);
  expect([error.name, error.message, error.stack, isBentoMLError(error)]).toEqual(["TypeError", "x is not a function", original.stack, false]);
  expect(crossed("just a string").message).toBe("just a string");
});

test("a cyclic chain of causes is cut", () => {
  const error = new Error("a");
  error.cause = error;
  expect(crossed(error).message).toBe("a");
});
