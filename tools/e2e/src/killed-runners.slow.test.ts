import { expect, test } from "vitest";
import { killedRunners } from "./killed-runners.js";
import { ServedProcesses } from "./served-processes.js";

// Each time other processes: those who are killed again and again are restarted later and later.
test.runIf(process.platform === "linux")("kill -9 of a runner's process, 6 times: it answers again within 2 s", async () => {
  const recoveries: number[] = [];
  for (let time = 0; time < 6; time++) {
    const served = await ServedProcesses.start();
    try {
      recoveries.push(...(await killedRunners(served, 1)));
    } finally {
      await served.end();
    }
  }
  expect(Math.max(...recoveries)).toBeLessThanOrEqual(2_000);
});
