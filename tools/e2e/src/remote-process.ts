import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A runner server of the `Arithmetic` fixture in another process. */
export class RemoteProcess {
  readonly #child: ChildProcess;
  readonly ended: Promise<unknown>;

  private constructor(where: string) {
    const script = fileURLToPath(new URL("../fixtures/runner-server.mjs", import.meta.url));
    this.#child = spawn(process.execPath, [script, where], { env: { ...process.env, NODE_OPTIONS: "" }, stdio: ["ignore", "pipe", "inherit"] });
    this.ended = once(this.#child, "close");
  }

  /** `where`: a port, or the path of a socket. Resolves when it is ready. */
  static async start(where: string | number): Promise<{ readonly remote: RemoteProcess; readonly url: string }> {
    const remote = new RemoteProcess(String(where));
    const early = remote.ended.then(() => {
      throw new Error("the runner server ended before it was ready");
    });
    const [line] = (await Promise.race([once(remote.#child.stdout as NodeJS.ReadableStream, "data"), early])) as [Buffer];
    return { remote, url: line.toString().trim() };
  }

  /** The process is gone when it resolves. */
  async end(signal: "SIGKILL" | "SIGTERM"): Promise<unknown> {
    this.#child.kill(signal);
    return this.ended;
  }
}
