import { expect, test, vi } from "vitest";
import { runnerName } from "./runner-name.js";

test.each(["test-name", "test_name", "test.name", "a", "a".repeat(63), "a".repeat(50), "9dummyrunnable", "dummyrunnable9", "9dummyrunnable9"])("%s is a name", (name) => {
  expect(runnerName(name, "Unused")).toBe(name);
});

test.each(["invalid name", "invalid弁当name", "invalid!name", "", "a".repeat(64), "a".repeat(100), "_dummyrunnable", "dummyrunnable_", "_dummyrunnable_", "a:b", "a\n"])("%j is none", (name) => {
  expect(() => runnerName(name, "Unused")).toThrow(/is not valid; it must be a valid tag name/);
});

test("warns when it takes the class name, and when it lowers a given one", () => {
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
  expect(runnerName(undefined, "DummyRunnable")).toBe("dummyrunnable");
  expect(runnerName("UPPERCASE_name", "Unused")).toBe("uppercase_name");
  expect(warn.mock.calls.map(([message]) => message)).toEqual([expect.stringContaining('"dummyrunnable"'), expect.stringContaining('"UPPERCASE_name"')]);
  warn.mockRestore();
});
