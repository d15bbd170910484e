import type { Row } from "./comparison.js";
import type { Experiment } from "./experiment.js";
import type { Conditions } from "./results.js";

/** Something that does the same work as another, and how fast, or how well, while it does that for some seconds. */
export interface Contestant {
  measure(seconds: number): Promise<number>;
  close(): Promise<void>;
}

/**
 * Two contestants in turn. Every other round begins with the other one, so that none is always measured first.
 *
 * @param warmUpSeconds how long each works before it is measured.
 */
export async function contest(row: Row, ours: Contestant, other: Contestant, conditions: Conditions = {}, warmUpSeconds = 2): Promise<Experiment> {
  await ours.measure(warmUpSeconds);
  await other.measure(warmUpSeconds);
  return {
    row,
    conditions,
    async measure(seconds, round) {
      const oursFirst = round % 2 === 0;
      const early = oursFirst ? await ours.measure(seconds) : undefined;
      const others = await other.measure(seconds);
      return { ours: early ?? (await ours.measure(seconds)), other: others };
    },
    async close() {
      await ours.close();
      await other.close();
    },
  };
}
