import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../../../packages/cli/dist/bin.js", import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly home: string;
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs the built `bentoml` command to its end. */
export async function runBuiltCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return new CliProcess(args, options).ended;
}

/** The built `bentoml` command, running. */
export class CliProcess {
  readonly ended: Promise<CliResult>;
  readonly #child: ChildProcess;
  #stdout = "";
  #stderr = "";

  constructor(args: readonly string[], { home, folder, environment = {} }: CliOptions) {
    this.#child = spawn(process.execPath, [CLI, ...args], {
      cwd: folder ?? fileURLToPath(new URL("..", import.meta.url)),
      env: { ...process.env, BENTOML_HOME: home, NODE_OPTIONS: "", NO_COLOR: "1", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout?.on("data", (chunk: Buffer) => (this.#stdout += chunk.toString()));
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#stderr += chunk.toString()));
    this.ended = new Promise((resolve, reject) => {
      this.#child.once("error", reject);
      this.#child.once("close", (code, signal) => resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr }));
    });
  }

  /** The address that `serve` prints when it is ready. */
  async url(): Promise<string> {
    const address = /(?:serves|runs \S+) on (\S+)/;
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = address.exec(this.#stdout)?.[1];
        if (found !== undefined) resolve(found);
      };
      this.#child.stdout?.on("data", look);
      look();
      void this.ended.then(({ code, stderr }) => reject(new Error(`serve ended with ${String(code)} before it was ready: ${stderr}`)));
    });
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  /** Waits until it has printed this, on stdout. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(this.#stdout);
        if (found !== null) resolve(found);
      };
      this.#child.stdout?.on("data", look);
      look();
      void this.ended.then(({ code, stdout, stderr }) => reject(new Error(`it ended with ${String(code)} and never printed ${String(pattern)}: ${stdout}${stderr}`)));
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}
