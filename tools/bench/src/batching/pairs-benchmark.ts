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

/** Of a new server, at once, and before it is asked by another number of callers. */
const warmUp = { callers: 16, seconds: 6 };
const settlingSeconds = 1;

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
 *
 * Each round has servers of its own, started and asked in each of the four orders in turn: of two equal servers, that which was started
 * first answered a lone caller of the 80 MB model 3 to 5 % less often, and that which is asked in between is a little warmer.
 */
export async function benchmarkPairs({ rounds, seconds }: BenchmarkOptions): Promise<void> {
  const generator = await chooseLoadGenerator();
  const compared: ComparedRow[] = [];
  for (const name of ["big", "small"] as const) {
    const model = benchModel(name);
    await freshStore([model]);
    const contest: Contest = { rows: pairs.filter((each) => each.model === name), body: jsonRequest(someRows(1, model.inputSize)), generator, seconds };
    const values: RoundValues[][] = [];
    for (let round = 0; round < rounds; round++) values.push(await withBoth(model, round % 2 === 0, (servers) => measureRound(contest, servers, round % 4 < 2)));
    compared.push(...contest.rows.map((row, index) => compareRow(row, values.map((ofRound) => ofRound[index] as RoundValues))));
  }
  reportResults("pairs", { "load generator": generator.name, rounds, "seconds each": seconds }, compared);
}

/** What is measured in each round, and how. */
interface Contest {
  readonly rows: readonly Pair[];
  readonly body: string;
  readonly generator: LoadGenerator;
  readonly seconds: number;
}

/** The addresses of both. */
interface Servers {
  readonly adaptive: string;
  readonly never: string;
}

function withBoth<Result>(model: BenchModel, adaptiveFirst: boolean, use: (servers: Servers) => Promise<Result>): Promise<Result> {
  const started = <T>(settings: string, then: (url: string) => Promise<T>): Promise<T> => {
    const { commandLine, variables, path } = ourServer(model, settings);
    return withServer(commandLine, { folder: import.meta.dirname, variables }, (base) => then(`${base}${path}`));
  };
  if (adaptiveFirst) return started("", (adaptive) => started(neverWaiting, (never) => use({ adaptive, never })));
  return started(neverWaiting, (never) => started("", (adaptive) => use({ adaptive, never })));
}

async function measureRound({ rows, body, generator, seconds }: Contest, { adaptive, never }: Servers, adaptiveAround: boolean): Promise<RoundValues[]> {
  const rate = async (url: string, inFlight: number, duration: number): Promise<number> => (await generator.run({ url, body, inFlight, seconds: duration })).requestsPerSecond;
  for (const url of [adaptive, never]) await rate(url, warmUp.callers, warmUp.seconds);
  const values: RoundValues[] = [];
  for (const { name, callers } of rows) {
    const turn = (url: string): Promise<number> => rate(url, callers, Math.ceil(seconds / 2));
    for (const url of [adaptive, never]) await rate(url, callers, settlingSeconds);
    const [outer, inner] = await (adaptiveAround ? thereAndBack(turn, adaptive, never) : thereAndBack(turn, never, adaptive));
    const rates = adaptiveAround ? { ours: outer, other: inner } : { ours: inner, other: outer };
    console.log(`${name}: ${(rates.ours / rates.other).toFixed(3)}`);
    values.push(rates);
  }
  return values;
}

/** Rates of both, requests/s: `outer` is asked, `inner` twice, `outer` again. */
async function thereAndBack(turn: (url: string) => Promise<number>, outer: string, inner: string): Promise<[outer: number, inner: number]> {
  const early = await turn(outer);
  const between = ((await turn(inner)) + (await turn(inner))) / 2;
  return [(early + (await turn(outer))) / 2, between];
}
