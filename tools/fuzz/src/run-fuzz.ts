import { InvalidArgumentError, NotFoundError } from "bentoml-core";
import { seededRandom } from "@bentoml-tools/onnx-models";
import { targets, type Target } from "./targets.js";

/** How the inputs of a target ended. */
export interface TargetReport {
  read: number;
  refused: number;
  longestMs: number;
}

/**
 * Gives each target in turn a broken input, `executions` in all. An input may be read, or refused with InvalidArgumentError, or
 * NotFoundError for a container that nobody has.
 *
 * @throws Error that says which seed shows it again, for any other outcome.
 */
export function runFuzz(executions: number, firstSeed: number): Map<string, TargetReport> {
  const reports = new Map(targets.map(({ name }) => [name, { read: 0, refused: 0, longestMs: 0 }]));
  for (let execution = 0; execution < executions; execution++) {
    const target = targets[execution % targets.length] as Target;
    execute(target, firstSeed + execution, reports.get(target.name) as TargetReport);
  }
  return reports;
}

/** One input, which depends on the seed alone. */
function execute(target: Target, seed: number, report: TargetReport): void {
  const begun = performance.now();
  try {
    target.execute(seededRandom(seed));
    report.read++;
  } catch (error) {
    if (!(error instanceof InvalidArgumentError) && !(error instanceof NotFoundError)) {
      throw new Error(`Target "${target.name}" with seed ${seed}: ${String(error)}`, { cause: error });
    }
    report.refused++;
  }
  report.longestMs = Math.max(report.longestMs, performance.now() - begun);
}
