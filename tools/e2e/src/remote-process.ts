import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { openDescriptors } from "./open-resources.js";

/** What a runner server runs: a class of `fixtures/`, in how many workers, and what these are. */
export interface ServedFixture {
  readonly file: string;
  readonly className: string;
  readonly isolation: "thread" | "process";
  readonly workers: number;
}

const ARITHMETIC: ServedFixture = { file: "arithmetic", className: "Arithmetic", isolation: "thread", workers: 1 };

/** A runner server of a fixture in another process. */
export class RemoteProcess {
  readonly #child: ChildProcess;
  readonly ended: Promise<unknown>;

  private constructor(where: string, { file, className, isolation, workers }: ServedFixture) {
    const script = fileURLToPath(new URL("../fixtures/runner-server.mjs", import.meta.url));
    this.#child = spawn(process.execPath, [script, where, file, className, isolation, String(workers)], { env: { ...process.env, NODE_OPTIONS: "" }, stdio: ["ignore", "pipe", "inherit"] });
    this.ended = once(this.#child, "close");
  }

  /** `where`: a port, or the path of a socket. Resolves when it is ready. */
  static async start(where: string | number, fixture: ServedFixture = ARITHMETIC): Promise<{ readonly remote: RemoteProcess; readonly url: string }> {
    const remote = new RemoteProcess(String(where), fixture);
    const early = remote.ended.then(() => {
      throw new Error("the runner server ended before it was ready");
    });
    const [line] = (await Promise.race([once(remote.#child.stdout as NodeJS.ReadableStream, "data"), early])) as [Buffer];
    return { remote, url: line.toString().trim() };
  }

  /** Files, pipes and sockets that it has open; 0 where the system does not tell. */
  get descriptors(): number {
    return openDescriptors(this.#child.pid);
  }

  /** The process is gone when it resolves. */
  async end(signal: "SIGKILL" | "SIGTERM"): Promise<unknown> {
    this.#child.kill(signal);
    return this.ended;
  }
}
