import { BentoMLError } from "bentoml-core";
import { CommanderError } from "commander";
import { expect, test } from "vitest";
import { errorLine } from "./error-line.js";

test("our own errors say it themselves", () => {
  expect(errorLine(new BentoMLError("The model x is gone.\nGet it back."))).toBe("The model x is gone. Get it back.");
});

test("errors of the system get a cure", () => {
  const error = Object.assign(new Error("ENOENT: no such file, open '/x'"), { code: "ENOENT" });
  expect(errorLine(error)).toBe("ENOENT: no such file, open '/x': there is no such file or folder");
});

test("a code that is a name of every object is no cure", () => {
  expect(errorLine(Object.assign(new Error("odd"), { code: "constructor" }))).toBe("odd");
});

test("a suggestion of the command line is the cure, otherwise the help is", () => {
  expect(errorLine(new CommanderError(1, "x", "error: unknown option '--prot'\n(Did you mean --port?)"))).toBe(
    "unknown option '--prot' (Did you mean --port?)",
  );
  expect(errorLine(new CommanderError(1, "x", "error: missing required argument 'tag'"))).toBe(
    "missing required argument 'tag'. See bentoml --help.",
  );
});

test("whatever else is thrown is shown too", () => {
  expect(errorLine("text")).toBe("text");
  expect(errorLine(new TypeError(""))).toBe("TypeError");
});
