import autocannon from "autocannon";
import { spreadOf } from "../spread.js";
import type { Load, LoadResult } from "./load-generator.js";

export async function autocannonLoad({ url, body, inFlight, seconds }: Load): Promise<LoadResult> {
  const millis: number[] = [];
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const load = autocannon(
      { url, body, connections: inFlight, duration: seconds, timeout: 60, method: "POST", headers: { "content-type": "application/json" } },
      (error: Error | null, finished) => (error === null ? resolve(finished) : reject(error)),
    );
    // Its own histogram holds whole ms.
    load.on("response", (_client, _status, _bytes, responseMs) => millis.push(responseMs));
  });
  const failed = result.errors + result.non2xx;
  if (failed > 0) throw new Error(`${failed} of ${result.requests.total} requests failed.`);
  const medianMicros = millis.length === 0 ? Infinity : spreadOf(millis).median * 1000;
  return { requestsPerSecond: result.requests.total / result.duration, medianMicros };
}
