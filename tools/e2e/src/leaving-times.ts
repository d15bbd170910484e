import { afterAll, beforeAll, expect, test } from "vitest";
import { runScript } from "./child-script.js";
import { slowModelStore } from "./slow-model-store.js";

/** What a script with a runner left behind. */
type Leave = (way: string) => ReturnType<typeof runScript>;

/** Runs a script that leaves in such a way while a native run of 60 ms is going. To be called outside of tests. */
export function leaveWhileRunning(): Leave {
  let store: Awaited<ReturnType<typeof slowModelStore>>;
  beforeAll(async () => {
    store = await slowModelStore(60);
  });
  afterAll(() => store.remove());
  return (way) => runScript("leave-while-running.mjs", [way], { BENTOML_HOME: store.home });
}

/** Tests each way of leaving so often: an abort shows up only in some of the tries. */
export function testLeaving(leave: Leave, times: number): void {
  test.each([
    { way: "exit", what: "process.exit() while a native run is going", code: 5 },
    { way: "throw", what: "an uncaught error while a native run is going", code: 1 },
    { way: "reject", what: "an unhandled rejection while a native run is going", code: 1 },
  ])(
    `$what ends with its own code, never by a signal (${String(times)} times)`,
    async ({ way, code }) => {
      for (let round = 0; round < times; round++) {
        const result = await leave(way);
        expect({ code: result.code, signal: result.signal }, result.stderr).toEqual({ code, signal: null });
      }
    },
    600_000,
  );

  test(
    `destroy() while a native run is going answers what was accepted (${String(times)} times)`,
    async () => {
      for (let round = 0; round < times; round++) {
        const { code, signal, stdout, stderr } = await leave("destroy");
        expect({ code, signal, answers: stdout.trim() }, stderr).toEqual({ code: 0, signal: null, answers: "answered,answered,answered,answered" });
      }
    },
    600_000,
  );
}
