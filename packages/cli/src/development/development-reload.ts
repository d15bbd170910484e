import { dirname } from "node:path";
import { watch, type FSWatcher } from "chokidar";
import { errorLine } from "../error-line.js";
import type { EventLog } from "../serve/event-log.js";

/** Several files that are saved together are one change, ms. */
const SETTLE_MS = 50;
/** What a program imports. */
const SOURCE = /\.([mc]?[jt]sx?|json)$/;

/** Watches the files that a service imports, and has it replaced when they change. */
export class DevelopmentReload {
  readonly #log: EventLog;
  readonly #watcher: FSWatcher;
  readonly #files: Set<string>;
  #replace: (() => Promise<void>) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isReplacing = false;
  #changedMeanwhile = false;
  /** The last change could not be served: a file that was missing may come. */
  #isBroken = false;

  constructor(file: string, log: EventLog) {
    this.#log = log;
    this.#files = new Set([file]);
    // Folders and not files: editors put a new file in the place of the old one.
    this.#watcher = watch(dirname(file), {
      depth: 0,
      ignoreInitial: true,
      ignored: (path, stats) => stats?.isFile() === true && !SOURCE.test(path),
    });
    for (const event of ["add", "change", "unlink"] as const) this.#watcher.on(event, (path: string) => this.#changed(path));
  }

  /** These are imported too. */
  watch(files: readonly string[]): void {
    for (const file of files) this.#files.add(file);
    this.#watcher.add([...new Set(files.map((file) => dirname(file)))]);
  }

  /** From now on `replace` is called for changes, one at a time. */
  begin(replace: () => Promise<void>): void {
    this.#replace = replace;
    this.#log.tell("watching the files of the service");
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#replace = undefined;
    await this.#watcher.close();
  }

  #changed(path: string): void {
    if (!this.#files.has(path) && !this.#isBroken) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#reload(), SETTLE_MS);
  }

  async #reload(): Promise<void> {
    if (this.#replace === undefined) return;
    if (this.#isReplacing) {
      this.#changedMeanwhile = true;
      return;
    }
    this.#isReplacing = true;
    try {
      await this.#replace();
      this.#isBroken = false;
      this.#log.tell("serves the changed files");
    } catch (error) {
      this.#isBroken = true;
      this.#log.warn(`the change cannot be served, what was served before still is: ${errorLine(error)}`);
    } finally {
      this.#isReplacing = false;
    }
    if (!this.#changedMeanwhile) return;
    this.#changedMeanwhile = false;
    await this.#reload();
  }
}
