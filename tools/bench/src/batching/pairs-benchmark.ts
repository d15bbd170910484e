import { withServer } from "@bentoml-tools/ci/started-server";
import { benchModel, freshStore, someRows, type BenchModel } from "../bench-models.js";
import { compareRow, type ComparedRow, type Row, type RoundValues } from "../comparison.js";
import type { BenchmarkOptions } from "../experiment.js";
import { ourServer } from "../http/contestants.js";
import { jsonRequest } from "../http/json-request.js";
import { chooseLoadGenerator, type LoadGenerator } from "../http/load-generator.js";
import { reportResults } from "../results.js";

interface Pair extends Row {
  readonly model: BenchModel["name"];
  readonly callers: number;
}

/** What a free worker does that takes at once what waits. */
const neverWaiting = "runners.batching.strategy=fixed runners.batching.max_queue_delay_ms=0";

const warmUpSeconds = 2;

function pair(model: BenchModel["name"], callers: number, atLeast: number): Pair {
  const name = `${model === "big" ? "80 MB" : "small"} model, ${callers} caller${callers === 1 ? "" : "s"}: adaptive against never waiting`;
  return { name, model, callers, unit: "requests/s", kind: "ratio", target: { atLeast } };
}

/** Waiting must pay where a batch's fixed cost is large and callers are few, and cost nothing elsewhere. */
const pairs: readonly Pair[] = [
  ...([[1, 0.95], [4, 1.2], [16, 1.15], [64, 0.95]] as const).map(([callers, atLeast]) => pair("big", callers, atLeast)),
  ...[1, 4, 16, 64].map((callers) => pair("small", callers, 0.95)),
];

/**
 * The adaptive strategy against never waiting: two servers with one model, in turn. Callers are in another process, since those in the
 * batcher's own thread come back before the end of the turn in which they were answered, and nobody has to wait for them.
 */
export async function benchmarkPairs({ rounds, seconds }: BenchmarkOptions): Promise<void> {
  const generator = await chooseLoadGenerator();
  const compared: ComparedRow[] = [];
  for (const name of ["big", "small"] as const) {
    const model = benchModel(name);
    await freshStore([model]);
    const own = pairs.filter((each) => each.model === name);
    compared.push(...(await withBoth(model, (adaptive, never) => measure(own, { adaptive, never, body: jsonRequest(someRows(1, model.inputSize)) }, generator, { rounds, seconds }))));
  }
  reportResults("pairs", { "load generator": generator.name, rounds, "seconds each": seconds }, compared);
}

function withBoth<Result>(model: BenchModel, use: (adaptive: string, never: string) => Promise<Result>): Promise<Result> {
  const folder = import.meta.dirname;
  const ours = ourServer(model);
  const other = ourServer(model, neverWaiting);
  return withServer(ours.commandLine, { folder, variables: ours.variables }, (adaptive) =>
    withServer(other.commandLine, { folder, variables: other.variables }, (never) => use(`${adaptive}${ours.path}`, `${never}${other.path}`)),
  );
}

/** Where the two servers are, and what both are asked. */
interface Servers {
  readonly adaptive: string;
  readonly never: string;
  readonly body: string;
}

async function measure(own: readonly Pair[], { adaptive, never, body }: Servers, generator: LoadGenerator, { rounds, seconds }: BenchmarkOptions): Promise<ComparedRow[]> {
  const compared: ComparedRow[] = [];
  for (const each of own) {
    const rate = async (url: string, duration: number): Promise<number> => (await generator.run({ url, body, inFlight: each.callers, seconds: duration })).requestsPerSecond;
    for (const url of [adaptive, never]) await rate(url, warmUpSeconds);
    const values: RoundValues[] = [];
    for (let round = 0; round < rounds; round++) {
      // Every other pair begins with the other one.
      const early = round % 2 === 0 ? await rate(adaptive, seconds) : undefined;
      const other = await rate(never, seconds);
      values.push({ ours: early ?? (await rate(adaptive, seconds)), other });
    }
    const row = compareRow(each, values);
    console.log(`${row.name}: ${row.compared.median.toFixed(3)}`);
    compared.push(row);
  }
  return compared;
}
