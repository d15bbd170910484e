import { Pool } from "undici";
import { callsPerSecond } from "../closed-loop.js";
import { compareRow, type Row, type RoundValues } from "../comparison.js";
import type { BenchmarkOptions } from "../experiment.js";
import { reportResults } from "../results.js";
import { openLoop, percentile, probeUntil, type OpenLoopResult } from "./open-loop.js";
import { OverloadedServer, type SelfMeasurement } from "./overloaded-server.js";

const PATH = "/v2/models/model/infer";
const BODY = JSON.stringify({ inputs: [{ name: "x", shape: [1, 4], datatype: "FP32", data: [1, 2, 3, 4] }] });
/** Requests come so many times faster than the model can answer them. */
const OVERLOAD = 3;
const MAX_LATENCY_MS = 500;
/** Callers that keep the model as busy as it gets. */
const CALLERS = 64;
const MEBIBYTE = 1024 * 1024;

/** What one server did under the load. */
interface Overloaded {
  readonly load: OpenLoopResult;
  readonly health: readonly number[];
  readonly before: SelfMeasurement;
  readonly after: SelfMeasurement;
}

/** A round: the server with the model, the one without under the same load, and how fast the model is when nobody asks for more. */
interface OverloadRound {
  readonly capacity: number;
  readonly seconds: number;
  readonly ours: Overloaded;
  readonly control: Overloaded;
}

interface OverloadRow extends Row {
  valuesOf(round: OverloadRound): RoundValues;
}

const both = ({ ours, control }: OverloadRound, valueOf: (server: Overloaded) => number): RoundValues => ({ ours: valueOf(ours), other: valueOf(control) });

const rows: readonly OverloadRow[] = [
  {
    name: `answers at ${OVERLOAD}x capacity, against capacity`,
    unit: "requests/s",
    kind: "ratio",
    target: { atLeast: 0.9 },
    valuesOf: ({ ours, capacity, seconds }) => ({ ours: ours.load.answered.length / seconds, other: capacity }),
  },
  {
    name: "slowest answers (p99), against the latency that was promised",
    unit: "ms",
    kind: "ratio",
    target: { atMost: 1.2 },
    valuesOf: ({ ours }) => ({ ours: percentile(ours.load.answered, 0.99), other: MAX_LATENCY_MS }),
  },
  {
    name: "refusals p99, less the control's answers",
    unit: "ms",
    kind: "difference",
    target: { atMost: 50 },
    valuesOf: ({ ours, control }) => ({ ours: percentile(ours.load.refused, 0.99), other: percentile(control.load.answered, 0.99) }),
  },
  {
    name: "health p99.9, less the control's",
    unit: "ms",
    kind: "difference",
    target: { atMost: 50 },
    valuesOf: (round) => both(round, ({ health }) => percentile(health, 0.999)),
  },
  {
    name: "event-loop delay p99, less the control's",
    unit: "ms",
    kind: "difference",
    target: { atMost: 10 },
    valuesOf: (round) => both(round, ({ after }) => after.loopDelayMs),
  },
  {
    name: "growth of memory, less the control's",
    unit: "MiB",
    kind: "difference",
    target: { atMost: 100 },
    valuesOf: (round) => both(round, ({ before, after }) => (after.memory - before.memory) / MEBIBYTE),
  },
];

/** What a server does with three times as many requests as its model can answer, beside one without a model under the same load. */
export async function benchmarkOverload({ rounds, seconds }: BenchmarkOptions): Promise<void> {
  const measured: OverloadRound[] = [];
  for (let round = 0; round < rounds; round++) {
    measured.push(await measureRound(seconds));
    console.log(`round ${round + 1}: ${describe(measured.at(-1) as OverloadRound)}`);
  }
  const compared = rows.map((row) => compareRow(row, measured.map((round) => row.valuesOf(round))));
  reportResults("overload", { rounds, "seconds each": seconds, "promised latency": `${MAX_LATENCY_MS} ms` }, compared);
}

async function measureRound(seconds: number): Promise<OverloadRound> {
  const ours = await OverloadedServer.start("model", MAX_LATENCY_MS);
  const control = await OverloadedServer.start("control", MAX_LATENCY_MS);
  try {
    const capacity = await capacityOf(ours.url, Math.max(2, seconds / 6));
    const perSecond = capacity * OVERLOAD;
    return { capacity, seconds, ours: await overload(ours, perSecond, seconds), control: await overload(control, perSecond, seconds) };
  } finally {
    await ours.close();
    await control.close();
  }
}

/** Answers a second while each caller waits for its answer. */
async function capacityOf(url: string, seconds: number): Promise<number> {
  const pool = new Pool(url, { connections: CALLERS });
  // One who is refused, since the machine is busy with other things, asks again.
  const call = async (): Promise<void> => {
    for (let status = 0; status !== 200; ) {
      const { statusCode, body } = await pool.request({ path: PATH, method: "POST", body: BODY });
      await body.dump();
      status = statusCode;
    }
  };
  const callers = Array.from({ length: CALLERS }, () => call);
  await callsPerSecond(callers, 1);
  const capacity = await callsPerSecond(callers, seconds);
  await pool.close();
  return capacity;
}

async function overload(server: OverloadedServer, perSecond: number, seconds: number): Promise<Overloaded> {
  const url = `${server.url}${PATH}`;
  await openLoop(url, BODY, perSecond, 1);
  const before = await server.begin();
  const over = new AbortController();
  const probes = probeUntil(server.url, over.signal);
  const load = await openLoop(url, BODY, perSecond, seconds);
  over.abort();
  const health = await probes;
  if (load.failed > 0) throw new Error(`${load.failed} requests were neither answered nor refused.`);
  return { load, health, before, after: await server.end() };
}

function describe({ capacity, seconds, ours }: OverloadRound): string {
  const { answered, refused } = ours.load;
  const perSecond = (count: number): string => `${Math.round(count / seconds)}/s`;
  return `capacity ${Math.round(capacity)}/s; at ${OVERLOAD}x ${perSecond(answered.length)} answered (median ${percentile(answered, 0.5).toFixed(0)} ms), ${perSecond(refused.length)} refused (median ${percentile(refused, 0.5).toFixed(1)} ms)`;
}
