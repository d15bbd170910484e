import { benchModel, freshStore, someRows, type BenchModel } from "../bench-models.js";
import { compareRow, type ComparedRow, type Row } from "../comparison.js";
import { reportResults } from "../results.js";
import { echoServer, naiveServer, ourServer, withContestant, type Contestant } from "./contestants.js";
import { jsonRequest, type InferAnswer } from "./json-request.js";
import { chooseLoadGenerator, type LoadGenerator, type LoadResult } from "./load-generator.js";

export interface HttpBenchmarkOptions {
  readonly rounds: number;
  /** Of each measurement, after a second of warming up. */
  readonly seconds: number;
}

/** A row, and which measurements it compares. */
interface HttpRow extends Row {
  readonly model: BenchModel["name"];
  readonly inFlight: number;
  readonly other: "naive" | "echo";
  readonly value: keyof LoadResult;
}

const throughput = { unit: "requests/s", kind: "ratio", value: "requestsPerSecond" } as const;

const rows: readonly HttpRow[] = [
  { name: "small model, 64 in flight, against naive", model: "small", inFlight: 64, other: "naive", ...throughput, target: { atLeast: 1.7 } },
  { name: "small model, 64 in flight, against echo", model: "small", inFlight: 64, other: "echo", ...throughput, target: { atLeast: 0.8 } },
  {
    name: "small model, 1 in flight, median, less naive's",
    model: "small",
    inFlight: 1,
    other: "naive",
    unit: "µs",
    kind: "difference",
    value: "medianMicros",
    target: { atMost: 60 },
  },
  { name: "80 MB model, 64 in flight, against naive", model: "big", inFlight: 64, other: "naive", ...throughput, target: { atLeast: 4 } },
  { name: "80 MB model, 16 in flight, against naive", model: "big", inFlight: 16, other: "naive", ...throughput, target: { atLeast: 3.5 } },
  {
    name: "80 MB model, 1 in flight, median, against naive",
    model: "big",
    inFlight: 1,
    other: "naive",
    unit: "µs",
    kind: "ratio",
    value: "medianMicros",
    target: { atMost: 1.3 },
  },
];

/**
 * What a fresh server answers before it is measured, each alike. On two cores that the load generator shares, ours was measured to get faster
 * for some six seconds; what is compared is the life of a server, not its first seconds.
 */
const WARM_UP_SECONDS = 6;

/** By contestant, then by requests in flight. */
type Measurements = Map<Contestant["name"], Map<number, LoadResult>>;

/** Measures servers by requests of one row as JSON, in rounds of all servers, and reports the rows above. */
export async function benchmarkHttp({ rounds, seconds }: HttpBenchmarkOptions): Promise<void> {
  const models = [benchModel("small"), benchModel("big")];
  await freshStore(models);
  const generator = await chooseLoadGenerator();
  const compared: ComparedRow[] = [];
  for (const model of models) {
    const measured = await measureModel(model, generator, { rounds, seconds });
    compared.push(...rows.filter((row) => row.model === model.name).map((row) => compareRow(row, measured.map((round) => valuesOf(row, round)))));
  }
  reportResults("http", { "load generator": generator.name, rounds, "seconds each": seconds }, compared);
}

async function measureModel(model: BenchModel, generator: LoadGenerator, { rounds, seconds }: HttpBenchmarkOptions): Promise<Measurements[]> {
  const body = jsonRequest(someRows(1, model.inputSize));
  const contestants = [ourServer(model), naiveServer(model), ...(model.name === "small" ? [echoServer(model)] : [])];
  const measured: Measurements[] = [];
  await checkAnswers(contestants, body);
  for (let round = 0; round < rounds; round++) {
    const results: Measurements = new Map();
    // Each round begins with another one, so that none is always measured first.
    for (const contestant of rotate(contestants, round)) {
      const inFlight = [...new Set(rows.filter((row) => row.model === model.name).map((row) => row.inFlight))];
      results.set(contestant.name, await measureServer(contestant, body, inFlight, generator, seconds));
      console.log(`round ${round + 1}, ${model.name} model, ${contestant.name}: ${describe(results.get(contestant.name))}`);
    }
    measured.push(results);
  }
  return measured;
}

function measureServer(
  contestant: Contestant,
  body: string,
  inFlight: readonly number[],
  generator: LoadGenerator,
  seconds: number,
): Promise<Map<number, LoadResult>> {
  return withContestant(contestant, async (url) => {
    const results = new Map<number, LoadResult>();
    await generator.run({ url, body, inFlight: inFlight[0] as number, seconds: WARM_UP_SECONDS });
    for (const callers of inFlight) {
      const load = { url, body, inFlight: callers };
      await generator.run({ ...load, seconds: 1 });
      const result = await generator.run({ ...load, seconds });
      if (result.requestsPerSecond === 0) throw new Error(`No request was answered in ${seconds} s: use --seconds to measure for longer.`);
      results.set(callers, result);
    }
    return results;
  });
}

/** A benchmark of wrong answers would be worth nothing. */
async function checkAnswers(contestants: readonly Contestant[], body: string): Promise<void> {
  const answers = new Map<string, readonly number[]>();
  for (const contestant of contestants) {
    await withContestant(contestant, async (url) => {
      const response = await fetch(url, { method: "POST", body });
      if (!response.ok) throw new Error(`${contestant.name} answered ${response.status}: ${await response.text()}`);
      const { outputs } = (await response.json()) as InferAnswer;
      answers.set(contestant.name, outputs[0]?.data ?? []);
    });
  }
  const ours = answers.get("ours") ?? [];
  const naive = answers.get("naive") ?? [];
  const different = naive.length !== ours.length || naive.some((value, index) => !(Math.abs(value - (ours[index] ?? NaN)) <= 1e-4 * (1 + Math.abs(value))));
  if (different || naive.length === 0) throw new Error(`The answers differ: ${ours.join(", ")} and ${naive.join(", ")}.`);
}

function valuesOf(row: HttpRow, round: Measurements): { ours: number; other: number } {
  const valueOf = (name: Contestant["name"]): number => round.get(name)?.get(row.inFlight)?.[row.value] ?? NaN;
  return { ours: valueOf("ours"), other: valueOf(row.other) };
}

function rotate<Item>(items: readonly Item[], by: number): Item[] {
  const from = by % items.length;
  return [...items.slice(from), ...items.slice(0, from)];
}

function describe(results: ReadonlyMap<number, LoadResult> = new Map()): string {
  return [...results]
    .map(([inFlight, { requestsPerSecond, medianMicros }]) => `${inFlight} in flight ${Math.round(requestsPerSecond)} requests/s, median ${Math.round(medianMicros)} µs`)
    .join("; ");
}
