import { afterAll, beforeAll, expect, test } from "vitest";
import { runScript } from "./child-script.js";
import { slowModelStore } from "./slow-model-store.js";

/** How often each way of leaving is tried: an abort shows up only in some of them. */
const TIMES = 20;

let store: Awaited<ReturnType<typeof slowModelStore>>;
beforeAll(async () => {
  store = await slowModelStore(60);
});
afterAll(() => store.remove());

const leave = (way: string) => runScript("leave-while-running.mjs", [way], { BENTOML_HOME: store.home });

test.each([
  { way: "exit", what: "process.exit() while a native run is going", code: 5 },
  { way: "throw", what: "an uncaught error while a native run is going", code: 1 },
  { way: "reject", what: "an unhandled rejection while a native run is going", code: 1 },
])(
  `$what ends with its own code, never by a signal (${String(TIMES)} times)`,
  async ({ way, code }) => {
    for (let round = 0; round < TIMES; round++) {
      const result = await leave(way);
      expect({ code: result.code, signal: result.signal }, result.stderr).toEqual({ code, signal: null });
    }
  },
  180_000,
);

test(
  `destroy() while a native run is going answers what was accepted (${String(TIMES)} times)`,
  async () => {
    for (let round = 0; round < TIMES; round++) {
      const { code, signal, stdout, stderr } = await leave("destroy");
      expect({ code, signal, answers: stdout.trim() }, stderr).toEqual({ code: 0, signal: null, answers: "answered,answered,answered,answered" });
    }
  },
  180_000,
);

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
