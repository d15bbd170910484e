import { expect, test } from "vitest";
import { killedRunners } from "./killed-runners.js";
import { ServedProcesses } from "./served-processes.js";

test.runIf(process.platform === "linux")("kill -9 of a runner's process, 6 times: it answers again within 2 s", async () => {
  const served = await ServedProcesses.start();
  try {
    expect(Math.max(...(await killedRunners(served, 6)))).toBeLessThanOrEqual(2_000);
  } finally {
    await served.end();
  }
});
