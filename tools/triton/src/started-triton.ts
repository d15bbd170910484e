import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.js";
import { GuardedProcess } from "./guarded-process.js";
import { writeTestModels } from "./test-models.js";
import { installTriton, type TritonInstallation } from "./triton-installation.js";

export interface TritonOptions {
  /** Names of the models to load; each takes a Python process. */
  readonly models: readonly string[];
  /** Folder of the models, of which Triton gets a copy: it writes into it. Default: one of the test models. */
  readonly repository?: string;
  /** Default: a free one. */
  readonly port?: number;
  /** More options of `tritonserver`. */
  readonly more?: readonly string[];
}

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
  if (options.repository === undefined) await writeTestModels(join(folder, "models"));
  else await cp(options.repository, join(folder, "models"), { recursive: true });
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
  #process: GuardedProcess | undefined;

  constructor(
    private readonly installation: TritonInstallation,
    private readonly folder: string,
    private readonly options: TritonOptions & { readonly port: number },
  ) {}

  /** What it has written since it was last started. */
  get log(): string {
    return this.#process?.log ?? "";
  }

  get url(): string {
    return `http://127.0.0.1:${this.options.port}`;
  }

  /** Starts it, where it was killed, and waits until it is ready. */
  async restart(): Promise<void> {
    const { server, environment } = this.installation;
    this.#process = new GuardedProcess([server, ...this.#parameters()], environment);
    await this.#process.untilReady(`${this.url}/v2/health/ready`, "Started HTTPService");
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  /** Ends it in good order and removes its files. */
  async stop(): Promise<void> {
    await this.#process?.stop();
    await rm(this.folder, { recursive: true, force: true });
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
