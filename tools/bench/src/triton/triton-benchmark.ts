import { measurePythonClient, startTriton, type ClientSpeed } from "@bentoml-tools/triton";
import { NdArray } from "bentoml-core";
import { encodeInferRequest, TritonClient } from "bentoml-triton-http";
import { Pool } from "undici";
import { callsPerSecond } from "../closed-loop.js";
import { compareRow, type Row, type RoundValues } from "../comparison.js";
import type { BenchmarkOptions } from "../experiment.js";
import { reportResults } from "../results.js";

const IN_FLIGHT = 16;
const WARM_UP_SECONDS = 0.5;
const MODEL = "identity_fp32";

const rows = {
  raw: { name: "requests a second, beside undici with ready-made bytes", unit: "requests/s", kind: "ratio", target: { atLeast: 0.9 } },
  processor: { name: "client's processor time for a request, beside the same", unit: "µs", kind: "ratio", target: { atMost: 1.3 } },
  python: { name: "requests a second, beside Python's tritonclient.http.aio", unit: "requests/s", kind: "ratio", target: { atLeast: 1.8 } },
} as const satisfies Record<string, Row>;

interface Speeds {
  readonly ours: ClientSpeed;
  readonly raw: ClientSpeed;
  readonly python: ClientSpeed;
}

/** Small requests to a real Triton on this machine, 16 at a time, by three clients in turn. */
export async function benchmarkTriton({ rounds, seconds }: BenchmarkOptions): Promise<void> {
  const triton = await startTriton({ models: [MODEL] });
  const client = new TritonClient(triton.url, { maxConnections: IN_FLIGHT });
  const pool = new Pool(triton.url, { connections: IN_FLIGHT, pipelining: 1 });
  try {
    const INPUT0 = NdArray.zeros("float32", [1, 16]);
    const ours = async (): Promise<unknown> => (await client.infer(MODEL, { INPUT0 })).asNdArray("OUTPUT0");
    const raw = rawCall(pool, INPUT0);
    const speeds: Speeds[] = [];
    for (let round = 0; round < rounds; round++) {
      speeds.push({ ours: await measure(ours, seconds), raw: await measure(raw, seconds), python: await measurePythonClient(triton.url, seconds, IN_FLIGHT) });
    }
    const against = (other: "raw" | "python", value: keyof ClientSpeed): RoundValues[] => speeds.map((round) => ({ ours: round.ours[value], other: round[other][value] }));
    const compared = [
      compareRow(rows.raw, against("raw", "perSecond")),
      compareRow(rows.processor, against("raw", "microsEach")),
      compareRow(rows.python, against("python", "perSecond")),
    ];
    reportResults("triton", { model: `${MODEL}, float32 [1, 16]`, "in flight": IN_FLIGHT, rounds, "seconds each": seconds }, compared);
  } finally {
    await client.close();
    await pool.close();
    await triton.stop();
  }
}

/** What a program does that knows its bytes: nothing is encoded, and the answer is not looked at. */
function rawCall(pool: Pool, INPUT0: NdArray): () => Promise<unknown> {
  const { body, headerLength } = encodeInferRequest({ INPUT0 });
  const headers = { "content-type": "application/octet-stream", "inference-header-content-length": String(headerLength) };
  return async () => {
    const answer = await pool.request({ method: "POST", path: `/v2/models/${MODEL}/infer`, headers, body });
    return answer.body.arrayBuffer();
  };
}

async function measure(call: () => Promise<unknown>, seconds: number): Promise<ClientSpeed> {
  const callers = Array.from({ length: IN_FLIGHT }, () => call);
  await callsPerSecond(callers, WARM_UP_SECONDS);
  const begun = performance.now();
  const before = process.cpuUsage();
  const perSecond = await callsPerSecond(callers, seconds);
  const { user, system } = process.cpuUsage(before);
  return { perSecond, microsEach: (user + system) / ((perSecond * (performance.now() - begun)) / 1000) };
}
