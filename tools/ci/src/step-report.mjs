/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {readonly string[]} [remarks] What to say of single tests at the end, a line each: which failed, which were tried twice.
 */

/** Begins each line of the remarks. */
const REMARK = "! ";

/** Runs named steps one after the other, and keeps what each counted and how long it took. */
export class StepReport {
  /** @type {(Counts & { name: string, seconds: number })[]} */
  #steps = [];

  get passed() {
    return this.#steps.reduce((sum, step) => sum + step.passed, 0);
  }

  get failed() {
    return this.#steps.reduce((sum, step) => sum + step.failed, 0);
  }

  /**
   * Runs a step. One that throws counts as one failure, and the next ones still run.
   *
   * @param {string} name
   * @param {() => Promise<Counts | number>} run Resolves to counts, or to an exit code, which counts as one.
   * @returns {Promise<boolean>} Whether nothing failed.
   */
  async step(name, run) {
    console.log(`\n--- ${name}`);
    const begun = performance.now();
    const counts = await run().then(asCounts, failureOf);
    this.#steps.push({ name, ...counts, seconds: (performance.now() - begun) / 1000 });
    return counts.failed === 0;
  }

  /**
   * Counts a step that cannot run as failed.
   *
   * @param {string} name
   * @param {string} reason
   */
  async cannotRun(name, reason) {
    await this.step(name, async () => {
      console.log(reason);
      return 1;
    });
  }

  /** What is printed at the end: a table, the remarks, then a line with the totals alone. */
  summary() {
    const width = Math.max(0, ...this.#steps.map(({ name }) => name.length));
    const lines = this.#steps.map(({ name, passed, failed, seconds }) => {
      const cells = [name.padEnd(width), `${passed}`.padStart(6), `${failed}`.padStart(6), seconds.toFixed(1).padStart(8)];
      return cells.join("  ");
    });
    const header = ["step".padEnd(width), "passed", "failed", " seconds"].join("  ");
    const remarks = this.#steps.flatMap(remarksOf);
    const told = remarks.length === 0 ? [] : ["", ...remarks];
    return ["", header, ...lines, ...told, "", closingLine(this), ""].join("\n");
  }

  /** Prints the summary, and makes the process fail when anything did. */
  end() {
    process.stdout.write(this.summary());
    if (this.failed > 0) process.exitCode = 1;
  }
}

/** @param {Counts} counts */
export function closingLine({ passed, failed }) {
  return `${passed} passed, ${failed} failed`;
}

/**
 * Reads the totals off the last line of such an output, or returns undefined when it has none.
 *
 * @param {string} output
 * @returns {Counts | undefined}
 */
export function readClosingLine(output) {
  const [, passed, failed] = /(?:^|\n)(\d+) passed, (\d+) failed\s*$/.exec(output) ?? [];
  return passed === undefined || failed === undefined ? undefined : { passed: Number(passed), failed: Number(failed) };
}

/**
 * Reads the remarks off the end of such an output.
 *
 * @param {string} output
 * @returns {readonly string[]}
 */
export function readRemarks(output) {
  const [, remarks] = /\n((?:! .*\n)+)\n\d+ passed, \d+ failed\s*$/.exec(output) ?? [];
  return remarks === undefined ? [] : remarks.trimEnd().split("\n").map((line) => line.slice(REMARK.length));
}

/** @param {Counts & { name: string }} step */
function remarksOf({ name, failed, remarks = [] }) {
  if (failed > 0 && remarks.length === 0) return [`${REMARK}${name}: failed`];
  return remarks.map((remark) => `${REMARK}${name}: ${remark}`);
}

/**
 * @param {Counts | number} outcome
 * @returns {Counts}
 */
function asCounts(outcome) {
  if (typeof outcome !== "number") return outcome;
  return outcome === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/**
 * @param {unknown} error
 * @returns {Counts}
 */
function failureOf(error) {
  console.log(error instanceof Error ? error.message : String(error));
  return { passed: 0, failed: 1 };
}
