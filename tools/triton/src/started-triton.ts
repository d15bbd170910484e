import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { writeTestModels } from "./test-models.js";
import { installTriton, type TritonInstallation } from "./triton-installation.js";

export interface TritonOptions {
  /** Names of the models to load; each takes a Python process. */
  readonly models: readonly string[];
  /** Default: a free one. */
  readonly port?: number;
  /** More options of `tritonserver`. */
  readonly more?: readonly string[];
}

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
/** Another process may take a free port before Triton does. */
const ATTEMPTS = 3;

/**
 * Starts a real Triton on the loopback interface with models of its own, and waits until it is ready.
 *
 * @throws Error with what it wrote when it does not get ready.
 */
export async function startTriton(options: TritonOptions): Promise<StartedTriton> {
  const installation = await installTriton();
  const folder = await mkdtemp(join(tmpdir(), "bentoml-triton-"));
  await writeTestModels(join(folder, "models"));
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const triton = new StartedTriton(installation, folder, { ...options, port });
    try {
      await triton.restart();
      return triton;
    } catch (error) {
      if (attempt < ATTEMPTS && options.port === undefined && triton.log.includes("already in use")) continue;
      await triton.stop();
      throw error;
    }
  }
}

/** A server that was started, and can be killed and started again on the same port. */
export class StartedTriton {
  /** What it has written. */
  log = "";
  #process: ChildProcess | undefined;

  constructor(
    private readonly installation: TritonInstallation,
    private readonly folder: string,
    private readonly options: TritonOptions & { readonly port: number },
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  /** Starts it, where it was killed, and waits until it is ready. */
  async restart(): Promise<void> {
    const { server, environment } = this.installation;
    // A group of its own, so that its Python processes end with it.
    const child = spawn("sh", ["-c", GUARD, "sh", server, ...this.#parameters()], { env: environment, stdio: ["pipe", "pipe", "pipe"], detached: true });
    child.once("close", () => {
      if (this.#process === child) this.#process = undefined;
    });
    for (const output of [child.stdout, child.stderr]) output.setEncoding("utf8").on("data", (text: string) => (this.log += text));
    this.#process = child;
    await Promise.race([this.#becomesReady(), this.#ends(child)]);
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined) return;
    const closed = once(child, "close");
    killGroup(child);
    await closed;
  }

  /** Ends it in good order and removes its files. */
  async stop(): Promise<void> {
    const child = this.#process;
    if (child !== undefined) {
      const closed = once(child, "close");
      child.kill("SIGTERM");
      const late = setTimeout(() => killGroup(child), STOP_MS);
      await closed;
      clearTimeout(late);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  async #becomesReady(): Promise<void> {
    const end = Date.now() + START_MS;
    while (Date.now() < end) {
      if (this.#process === undefined) break;
      const answer = await fetch(`${this.url}/v2/health/ready`, { headers: { connection: "close" } }).catch(() => undefined);
      if (answer?.status === 200 && this.log.includes("Started HTTPService")) return;
      await delay(POLL_MS);
    }
    throw new Error(`Triton did not get ready at ${this.url}.\n${this.log}`);
  }

  /** @throws Error when the process is over. */
  async #ends(child: ChildProcess): Promise<never> {
    const [code] = (await once(child, "close")) as [number | null];
    throw new Error(`Triton ended with ${String(code)} before it was ready.\n${this.log}`);
  }

  #parameters(): string[] {
    const { installation, folder, options } = this;
    return [
      `--model-repository=${join(folder, "models")}`,
      `--backend-directory=${installation.backends}`,
      `--cache-directory=${installation.caches}`,
      "--http-address=127.0.0.1",
      `--http-port=${options.port}`,
      "--http-thread-count=4",
      "--http-header-forward-pattern=(?i)x-fwd-.*",
      "--allow-grpc=false",
      "--allow-metrics=false",
      "--model-control-mode=explicit",
      "--exit-timeout-secs=5",
      "--backend-config=python,shm-default-byte-size=1048576",
      "--backend-config=python,shm-growth-byte-size=1048576",
      "--pinned-memory-pool-byte-size=0",
      "--cache-config=local,size=1048576",
      "--trace-config=mode=triton",
      `--trace-config=triton,file=${join(folder, "trace.json")}`,
      "--trace-config=rate=1000",
      "--trace-config=level=OFF",
      ...options.models.map((model) => `--load-model=${model}`),
      ...(options.more ?? []),
    ];
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
