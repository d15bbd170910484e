import { setTimeout as wait } from "node:timers/promises";
import { Client, Pool } from "undici";

/** What came of requests that were sent at a fixed rate, whether or not earlier ones were answered. Times in ms. */
export interface OpenLoopResult {
  readonly answered: readonly number[];
  /** Those that the server told to come back: 503 and 429. */
  readonly refused: readonly number[];
  /** Anything else. */
  readonly failed: number;
}

/** More than can be in flight while the server keeps its promise: a request that waits for a connection here would not be its to measure. */
const CONNECTIONS = 2048;
const HEALTH_INTERVAL_MS = 10;
const ANSWERED = 200;
const REFUSED: readonly number[] = [429, 503];

/** Sends requests at that rate for some seconds, and waits for what becomes of them. */
export async function openLoop(url: string, body: string, perSecond: number, seconds: number): Promise<OpenLoopResult> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: CONNECTIONS, pipelining: 1 });
  const result = { answered: [] as number[], refused: [] as number[], failed: 0 };
  const send = async (): Promise<void> => {
    const sentAt = performance.now();
    try {
      const answer = await pool.request({ path: pathname, method: "POST", body });
      await answer.body.dump();
      if (answer.statusCode === ANSWERED) result.answered.push(performance.now() - sentAt);
      else if (REFUSED.includes(answer.statusCode)) result.refused.push(performance.now() - sentAt);
      else result.failed++;
    } catch {
      result.failed++;
    }
  };
  const sent: Promise<void>[] = [];
  const begun = performance.now();
  for (let elapsed = 0; elapsed < seconds * 1000; elapsed = performance.now() - begun) {
    while (sent.length < (elapsed / 1000) * perSecond) sent.push(send());
    await wait(1);
  }
  await Promise.all(sent);
  await pool.close();
  return result;
}

/** How long a probe of liveness takes, again and again, until the signal says that it is enough. In ms. */
export async function probeUntil(url: string, signal: AbortSignal): Promise<readonly number[]> {
  const client = new Client(url);
  const millis: number[] = [];
  while (!signal.aborted) {
    const begun = performance.now();
    const { body } = await client.request({ path: "/livez", method: "GET" });
    await body.dump();
    millis.push(performance.now() - begun);
    await wait(HEALTH_INTERVAL_MS);
  }
  await client.close();
  return millis;
}

/** The value that this share of the values does not pass; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
