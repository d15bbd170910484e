import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

const START_MS = 120_000;
const STOP_MS = 30_000;
const POLL_MS = 50;
/**
 * Runs a command that passes SIGTERM on to it, and kills everything when standard input ends, that is when this process is gone,
 * however it went.
 */
const GUARD = `exec 3<&0
"$@" </dev/null 3<&- &
server=$!
{ cat <&3; kill -s KILL -- -$$; } >/dev/null 2>&1 &
exec 3<&-
trap 'kill -s TERM $server' TERM
wait $server
trap - TERM
wait $server`;

/** A server's process with all that it starts, which ends with this process at the latest. */
export class GuardedProcess {
  /** What it has written. */
  log = "";
  readonly #child: ChildProcess;
  readonly #closed: Promise<number | null>;
  #isOver = false;

  constructor(command: readonly [string, ...string[]], environment: NodeJS.ProcessEnv) {
    // A group of its own, so that what it starts ends with it.
    const child = spawn("sh", ["-c", GUARD, "sh", ...command], { env: environment, stdio: ["pipe", "pipe", "pipe"], detached: true });
    for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8").on("data", (text: string) => (this.log += text));
    this.#child = child;
    this.#closed = once(child, "close").then(([code]) => {
      this.#isOver = true;
      return code as number | null;
    });
  }

  /**
   * Waits until a GET of the url is answered with 200, and it has written so: another server may listen on its port.
   *
   * @throws Error with what it wrote, when it ends or takes too long.
   */
  async untilReady(url: string, written: string): Promise<void> {
    const end = Date.now() + START_MS;
    while (Date.now() < end && !this.#isOver) {
      const answer = await fetch(url, { headers: { connection: "close" } }).catch(() => undefined);
      if (answer?.status === 200 && this.log.includes(written)) return;
      await delay(POLL_MS);
    }
    throw new Error(`The server ${this.#isOver ? `ended with ${String(await this.#closed)} before it was` : "did not get"} ready at ${url}.\n${this.log}`);
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    this.#killGroup();
    await this.#closed;
  }

  /** Ends it in good order, or at once where that takes too long. */
  async stop(): Promise<void> {
    if (!this.#isOver) this.#child.kill("SIGTERM");
    const late = setTimeout(() => this.#killGroup(), STOP_MS);
    await this.#closed;
    clearTimeout(late);
  }

  #killGroup(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#isOver) return;
    try {
      process.kill(-pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  }
}
