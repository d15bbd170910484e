import { benchModel, freshStore, someRows, type BenchModel } from "../bench-models.js";
import { compareRow, type ComparedRow, type Row, type RoundValues } from "../comparison.js";
import type { BenchmarkOptions } from "../experiment.js";
import { ourServer, withContestant } from "../http/contestants.js";
import { jsonRequest } from "../http/json-request.js";
import { chooseLoadGenerator, type LoadGenerator } from "../http/load-generator.js";
import { reportResults } from "../results.js";

interface Pair extends Row {
  readonly model: BenchModel["name"];
  readonly callers: number;
}

/** What a free worker does that takes at once what waits. */
const neverWaiting = "runners.batching.strategy=fixed runners.batching.max_queue_delay_ms=0";

const sides = ["adaptive", "never"] as const;
type Side = (typeof sides)[number];

/** There and back: who is asked first is asked last, too. */
const thereAndBack: Record<Side, readonly Side[]> = {
  adaptive: ["adaptive", "never", "never", "adaptive"],
  never: ["never", "adaptive", "adaptive", "never"],
};
const TURNS_OF_EACH = 2;

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
  const turnSeconds = Math.ceil(seconds / TURNS_OF_EACH);
  const compared: ComparedRow[] = [];
  for (const name of ["big", "small"] as const) {
    const model = benchModel(name);
    await freshStore([model]);
    const contest: Contest = { rows: pairs.filter((each) => each.model === name), body: jsonRequest(someRows(1, model.inputSize)), generator, turnSeconds };
    const values: RoundValues[][] = [];
    for (let round = 0; round < rounds; round++) values.push(await withBoth(model, round % 2 === 0, (servers) => measureRound(contest, servers, round % 4 < 2 ? "adaptive" : "never")));
    compared.push(...contest.rows.map((row, index) => compareRow(row, values.map((ofRound) => ofRound[index] as RoundValues))));
  }
  reportResults("pairs", { "load generator": generator.name, rounds, "seconds each": TURNS_OF_EACH * turnSeconds }, compared);
}

/** What is measured in each round, and how. */
interface Contest {
  readonly rows: readonly Pair[];
  readonly body: string;
  readonly generator: LoadGenerator;
  readonly turnSeconds: number;
}

/** Where requests go. */
type Servers = Readonly<Record<Side, string>>;

function withBoth<Result>(model: BenchModel, adaptiveFirst: boolean, use: (servers: Servers) => Promise<Result>): Promise<Result> {
  const ours = ourServer(model);
  const other = ourServer(model, neverWaiting);
  if (adaptiveFirst) return withContestant(ours, (adaptive) => withContestant(other, (never) => use({ adaptive, never })));
  return withContestant(other, (never) => withContestant(ours, (adaptive) => use({ adaptive, never })));
}

async function measureRound({ rows, body, generator, turnSeconds }: Contest, servers: Servers, begins: Side): Promise<RoundValues[]> {
  const rate = async (side: Side, inFlight: number, seconds: number): Promise<number> =>
    (await generator.run({ url: servers[side], body, inFlight, seconds })).requestsPerSecond;
  for (const side of sides) await rate(side, warmUp.callers, warmUp.seconds);
  const values: RoundValues[] = [];
  for (const { name, callers } of rows) {
    for (const side of sides) await rate(side, callers, settlingSeconds);
    const rates = { adaptive: 0, never: 0 };
    for (const side of thereAndBack[begins]) rates[side] += (await rate(side, callers, turnSeconds)) / TURNS_OF_EACH;
    console.log(`${name}: ${(rates.adaptive / rates.never).toFixed(3)}`);
    values.push({ ours: rates.adaptive, other: rates.never });
  }
  return values;
}
