/**
 * Prints what the simulator shows of the batching policy.
 *
 *     npm run simulate
 */
import { compareRow, compareTrace, isBetter } from "./comparison.js";
import { adaptive, fixedDelay, neverWaiting, original } from "./contenders.js";
import { capacityPerSecond, limitedProfiles, overload } from "./overloads.js";
import { profiles } from "./service-model.js";
import { rows } from "./scenarios.js";
import { simulate } from "./simulate.js";
import { traces } from "./traces.js";

const SEEDS = [1, 2, 3] as const;

function main(): void {
  print("Against never waiting: throughput of closed loads, mean latency of open ones; medians of three seeds\n");
  printRow(["", "never waits", "adaptive", "ratio", "at least", "mean batch", "p99 ratio", ""]);
  for (const row of rows) {
    const { value, waiting, never } = compareRow(row, SEEDS);
    const figure = (result: typeof waiting): string =>
      row.compare === "latency" ? `${result.meanLatency.toFixed(2)} ms` : `${result.throughput.toFixed(0)}/s`;
    const [shown, least] = row.compare === "rate" ? ["", `${String(row.atLeast)}/s`] : [value.toFixed(3), String(row.atLeast)];
    const ok = value >= row.atLeast ? "" : "MISSED";
    printRow([row.scenario.name, figure(never), figure(waiting), shown, least, waiting.meanBatch.toFixed(1), (waiting.p99 / never.p99).toFixed(2), ok]);
  }

  print("\nToo much work: requests per second that were answered in time, as part of what the model can do\n");
  printRow(["", "adaptive", "late", "shed", "on arrival", "p99", "original", "its p99"]);
  for (const [profile, limit] of limitedProfiles) {
    for (const load of [0.7, 1, 1.2, 2, 3]) {
      const scenario = overload(profile, limit, load);
      const full = capacityPerSecond(profiles[profile]);
      const ours = simulate(scenario, adaptive, 1);
      const theirs = simulate(scenario, original(limit), 1);
      const refused = ours.shed === 0 ? "-" : percent(ours.refusedOnArrival);
      printRow([scenario.name, percent(ours.goodput / full), percent(ours.late), percent(ours.shed), refused, `${ours.p99.toFixed(1)} ms`, percent(theirs.goodput / full), `${theirs.p99.toFixed(1)} ms`]);
    }
  }

  print("\nAgainst the Python original's algorithm: ratios, adaptive over original; medians of three seeds\n");
  printRow(["", "goodput", "p50", "p99", ""]);
  for (const trace of traces) {
    const comparison = compareTrace(trace, SEEDS);
    const { goodput, p50, p99 } = comparison;
    printRow([trace.scenario.name, goodput.toFixed(3), p50.toFixed(3), p99.toFixed(3), isBetter(comparison) ? "better" : "as good"]);
  }

  print("\nRequests per second of all contenders with closed loads of the wide model\n");
  printRow(["callers", "never waits", "0.5 ms", "5 ms", "original", "adaptive"]);
  for (const callers of [1, 4, 16, 64]) {
    const scenario = { name: "", models: [profiles.wide], loads: [{ callers }] };
    const contenders = [neverWaiting, fixedDelay(0.5), fixedDelay(5), original(60_000), adaptive];
    printRow([String(callers), ...contenders.map((contender) => simulate(scenario, contender, 1).throughput.toFixed(0))]);
  }
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

function printRow(cells: readonly string[]): void {
  print(cells.map((cell, index) => (index === 0 ? cell.padEnd(32) : cell.padStart(14))).join("").trimEnd());
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main();
