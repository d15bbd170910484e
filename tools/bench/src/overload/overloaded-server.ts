import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** What a server has seen of itself. */
export interface SelfMeasurement {
  /** p99 of how late its event loop got to a timer, ms. */
  readonly loopDelayMs: number;
  /** Resident, bytes. */
  readonly memory: number;
}

/** One of the two servers, in a process of its own. */
export class OverloadedServer {
  readonly #child: ChildProcess;

  private constructor(
    child: ChildProcess,
    readonly url: string,
  ) {
    this.#child = child;
  }

  static async start(kind: "model" | "control", maxLatencyMs: number): Promise<OverloadedServer> {
    const child = fork(fileURLToPath(new URL("overload-server.mjs", import.meta.url)), [kind, String(maxLatencyMs)], { execArgv: [] });
    const [{ url }] = (await once(child, "message")) as [{ readonly url: string }];
    return new OverloadedServer(child, url);
  }

  /** Measures from now on; tells how things are. */
  begin(): Promise<SelfMeasurement> {
    return this.#ask("begin");
  }

  /** What was seen since `begin`. */
  end(): Promise<SelfMeasurement> {
    return this.#ask("end");
  }

  async close(): Promise<void> {
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGTERM");
    await ended;
  }

  async #ask(what: "begin" | "end"): Promise<SelfMeasurement> {
    const answer = once(this.#child, "message") as Promise<[SelfMeasurement]>;
    this.#child.send(what);
    return (await answer)[0];
  }
}
