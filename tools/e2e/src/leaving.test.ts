import { expect, test } from "vitest";
import { runScript } from "./child-script.js";
import { leaveWhileRunning, testLeaving } from "./leaving-times.js";
import { slowModelStore } from "./slow-model-store.js";

const leave = leaveWhileRunning();

testLeaving(leave, 5);

test("a script that forgets destroy() ends by itself after its last answer", async () => {
  const { code, signal, stdout, stderr } = await leave("forget");
  expect({ code, signal, answers: stdout.trim() }, stderr).toEqual({ code: 0, signal: null, answers: "answered,answered,answered,answered" });
}, 60_000);

test("a run that is longer than the limit of an exit ends the process with one line, and by no abort", async () => {
  const long = await slowModelStore(6_000);
  try {
    const { signal, stderr } = await runScript("leave-while-running.mjs", ["exit"], { BENTOML_HOME: long.home });
    expect(signal).toBe("SIGKILL");
    expect(stderr.trim().split("\n")).toEqual([expect.stringContaining("still running 2000 ms after the process was told to exit")]);
  } finally {
    await long.remove();
  }
}, 60_000);
