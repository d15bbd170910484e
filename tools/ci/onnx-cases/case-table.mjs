/** What became of the cases, counted. */
export class CaseTable {
  #same = 0;
  /** @type {string[]} */
  #different = [];
  /** @type {Map<string, string[]>} */
  #notRun = new Map();

  get counts() {
    return { passed: this.#same, failed: this.#different.length };
  }

  /**
   * A case that the engine runs, and what is demanded of ours.
   *
   * @param {string} name
   * @param {() => Promise<void>} check
   */
  async ours(name, check) {
    try {
      await check();
      this.#same++;
    } catch (error) {
      this.#different.push(`${name}: ${textOf(error)}`);
    }
  }

  /**
   * A case that the engine itself does not run, or not correctly.
   *
   * @param {string} name
   * @param {unknown} error
   */
  notRun(name, error) {
    const reason = withoutNames(textOf(error));
    this.#notRun.set(reason, [...(this.#notRun.get(reason) ?? []), name]);
  }

  text() {
    const reasons = [...this.#notRun].sort(([, some], [, others]) => others.length - some.length);
    const left = reasons.reduce((sum, [, names]) => sum + names.length, 0);
    const ran = this.#same + this.#different.length;
    return [
      `${left + ran} cases; the engine runs ${ran} of them correctly, runners give the same for ${this.#same}.`,
      ...this.#different.map((line) => `  DIFFERENT ${line}`),
      `${left} that the engine itself does not run:`,
      ...reasons.map(([reason, names]) => `  ${`${names.length}`.padStart(4)}  ${reason} (${names[0]})`),
    ].join("\n");
  }
}

/** @param {unknown} error */
function textOf(error) {
  return (error instanceof Error ? error.message : String(error)).trim();
}

/**
 * Messages that differ only in names, paths and numbers count as one.
 *
 * @param {string} text
 */
function withoutNames(text) {
  const [first = ""] = text.split("\n");
  return first
    .replace(/\/\S+/g, "…")
    .replace(/'[^']*'|"[^"]*"/g, "'…'")
    .replace(/\bnode \S+/g, "node …")
    .replace(/\d+/g, "N")
    .slice(0, 160);
}
