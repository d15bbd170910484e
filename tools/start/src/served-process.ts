import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { commandPath, workspaceFolder } from "./workspace.js";

const readyLine = /serves on (http:\S+)/;
/** After its start-up message the server writes only lines that begin with the time of day. */
const eventLine = /^\d\d:\d\d:\d\d /;

const passedSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** npm and the terminal may both deliver the same Ctrl-C; a second one from a person takes longer. */
const sameSignalMs = 300;

/** `bentoml serve` in a process of its own, which gets the signals that this process gets. */
export class ServedProcess {
  readonly #child: ChildProcess;
  readonly #complaints: string[] = [];
  #signalledAt = Number.NEGATIVE_INFINITY;
  #isStopping = false;
  /** Its exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Resolves with its address when it is ready; rejects with what it complained about when it ends before. */
  readonly ready: Promise<string>;

  /** `onEvent` gets the lines that it writes when something happens. */
  constructor(argv: readonly string[], onEvent: (line: string) => void) {
    // A process group of its own: Ctrl-C reaches only this process, which passes it on once.
    this.#child = spawn(process.execPath, [commandPath, ...argv], {
      cwd: workspaceFolder,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
    });
    this.ended = once(this.#child, "close").then(([code, signal]) => (signal ?? code) as number | NodeJS.Signals);
    this.ready = this.#readLines(onEvent);
    this.#passSignals();
  }

  /** True when a person or the system asked this process to end. */
  get isInterrupted(): boolean {
    return this.#signalledAt > Number.NEGATIVE_INFINITY;
  }

  /** Asks it to finish, unless a signal did, and lets it do so in silence; answers how it ended. */
  async stop(): Promise<number | NodeJS.Signals> {
    this.#isStopping = true;
    if (!this.isInterrupted) this.#child.kill("SIGTERM");
    return this.ended;
  }

  #readLines(onEvent: (line: string) => void): Promise<string> {
    const { stdout, stderr } = this.#child;
    return new Promise((resolve, reject) => {
      createInterface({ input: stdout! }).on("line", (line) => {
        const url = readyLine.exec(line)?.[1];
        if (url !== undefined) resolve(url);
        else if (eventLine.test(line) && !this.#isStopping) onEvent(line);
      });
      createInterface({ input: stderr! }).on("line", (line) => {
        if (this.#complaints.push(line) > 100) this.#complaints.shift();
        onEvent(line);
      });
      this.#child.once("error", reject);
      void this.ended.then((code) => reject(new Error(this.#complaints.at(-1) ?? `The server ended with ${code}.`)));
    });
  }

  #passSignals(): void {
    const pass = (signal: NodeJS.Signals): void => {
      const now = performance.now();
      if (now - this.#signalledAt > sameSignalMs) this.#child.kill(signal === "SIGHUP" ? "SIGTERM" : signal);
      this.#signalledAt = now;
    };
    const kill = (): void => void this.#child.kill("SIGKILL");
    for (const signal of passedSignals) process.on(signal, pass);
    process.on("exit", kill);
    void this.ended.then(() => {
      for (const signal of passedSignals) process.off(signal, pass);
      process.off("exit", kill);
    });
  }
}
