import { expect } from "vitest";
import type { ServedProcesses } from "./served-processes.js";

/**
 * Kills the process of the slow runner under load, so many times: calls of the other runner go on, those that the killed one had are
 * answered by the next one or told that it is gone.
 *
 * @returns for each time the milliseconds from the kill to the next answer of the runner.
 */
export async function killedRunners(served: ServedProcesses, times: number): Promise<readonly number[]> {
  const recoveries: number[] = [];
  for (let time = 0; time < times; time++) {
    const before = await served.ask("slow");
    const had = Array.from({ length: 4 }, () => served.ask("slow"));
    const others = Array.from({ length: 4 }, () => served.ask("add-sub"));
    const [victim = 0] = served.pids("bentoml runner slow");
    process.kill(victim, "SIGKILL");
    const killedAt = performance.now();
    const next = await served.ask("slow");
    recoveries.push(Math.round(performance.now() - killedAt));
    expect([before, next]).toEqual([200, 200]);
    expect(await Promise.all(others)).toEqual([200, 200, 200, 200]);
    for (const status of await Promise.all(had)) expect([200, 502, 503]).toContain(status);
    expect(served.pids("bentoml runner slow")).not.toContain(victim);
  }
  console.log(`a killed runner answered again after ${recoveries.join(", ")} ms`);
  return recoveries;
}
