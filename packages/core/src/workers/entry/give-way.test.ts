import { getPriority, setPriority } from "node:os";
import { afterEach, expect, test, vi } from "vitest";
import { giveWay } from "./give-way.js";

vi.mock(import("node:os"), async (importOriginal) => ({ ...(await importOriginal()), getPriority: vi.fn(() => 0), setPriority: vi.fn() }));

afterEach(() => vi.clearAllMocks());

test.each(["darwin", "win32", "freebsd"] as const)("on %s a thread, which has no niceness of its own, leaves that of its process alone", (platform) => {
  giveWay("thread", 10, platform);
  expect(setPriority).not.toHaveBeenCalled();
  giveWay("process", 10, platform);
  expect(setPriority).toHaveBeenCalledExactlyOnceWith(0, 10);
});

test("steps are added to what the worker was started with, up to the most that there is", () => {
  vi.mocked(getPriority).mockReturnValueOnce(5).mockReturnValueOnce(12);
  giveWay("thread", 10, "linux");
  giveWay("thread", 10, "linux");
  expect(vi.mocked(setPriority).mock.calls).toEqual([[0, 15], [0, 19]]);
});

test("no steps ask for nothing, and a sandbox that forbids it stops nobody", () => {
  giveWay("thread", 0, "linux");
  expect(setPriority).not.toHaveBeenCalled();
  vi.mocked(setPriority).mockImplementationOnce(() => {
    throw new Error("EPERM");
  });
  expect(() => giveWay("process", 10, "linux")).not.toThrow();
});
