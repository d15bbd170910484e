import { rmSync } from "node:fs";
import { join } from "node:path";
import { ModelStore } from "bentoml-core";
import { saveModel } from "bentoml-sharp-images";
import { compareRow, type ComparedRow, type Row, type RoundValues } from "../comparison.js";
import { compiledProgram } from "../compiled-program.js";
import type { BenchmarkOptions } from "../experiment.js";
import { reportResults, resultsFolder } from "../results.js";
import type { ImageSpeed } from "./image-speed.js";
import { startWay, type MeasuredWay } from "./measured-way.js";
import { recipe, side } from "./usual-loop.js";

/** Photos to tensors: a runner, in its thread and in workers, beside sharp with the usual loop in the main thread, by turns, each in a process of its own. */
export async function benchmarkImages({ rounds, seconds }: BenchmarkOptions): Promise<void> {
  const folder = join(resultsFolder, "images-store");
  rmSync(folder, { recursive: true, force: true });
  await saveModel("photo", recipe, { store: new ModelStore(folder) });
  const program = await compiledProgram(new URL("./measured-images.ts", import.meta.url));
  const usual = startWay(program, "usual loop", folder);
  const compared: ComparedRow[] = [];
  let conditions = {};
  for (const way of ["this thread", "workers"] as const) {
    const ours = startWay(program, way, folder);
    for (const inFlight of [1, 16]) compared.push(...(await speeds(`in ${way}, ${inFlight} in flight`, { ours, usual }, rounds, inFlight, seconds)));
    compared.push(await delays(delayRow(`runner in ${way}`, { atMost: 10 }), ours, rounds, seconds));
    conditions = await ours.facts();
    ours.close();
  }
  // For comparison: no claim is made for the usual loop.
  compared.push(await delays(delayRow("usual loop", { atLeast: 0 }), usual, rounds, seconds));
  usual.close();
  reportResults("images", { ...conditions, "side of the tensors": side, rounds, "seconds each": seconds }, compared);
}

async function speeds(what: string, { ours, usual }: Readonly<Record<"ours" | "usual", MeasuredWay>>, rounds: number, inFlight: number, seconds: number): Promise<ComparedRow[]> {
  const measured: { readonly ours: ImageSpeed; readonly other: ImageSpeed }[] = [];
  for (let round = 0; round < rounds; round++) measured.push({ ours: await ours.speed(inFlight, seconds), other: await usual.speed(inFlight, seconds) });
  const valuesOf = (value: keyof ImageSpeed): RoundValues[] => measured.map((speed) => ({ ours: speed.ours[value], other: speed.other[value] }));
  const row = (unit: string, atLeast: number): Row => ({ name: `${unit}, ${what}`, unit: "images/s", kind: "ratio", target: { atLeast } });
  return [compareRow(row("images a second", 1.05), valuesOf("perSecond")), compareRow(row("images a second of processor time", 1), valuesOf("perProcessorSecond"))];
}

function delayRow(what: string, target: Row["target"]): Row {
  return { name: `event-loop delay p99 less idle: ${what}, 16 in flight`, unit: "ms", kind: "difference", target };
}

async function delays(row: Row, way: MeasuredWay, rounds: number, seconds: number): Promise<ComparedRow> {
  const values: RoundValues[] = [];
  for (let round = 0; round < rounds; round++) values.push({ other: await way.idleDelay(seconds), ours: await way.delay(16, seconds) });
  return compareRow(row, values);
}
