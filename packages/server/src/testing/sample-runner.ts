import { NdArray, Runnable, Runner, type CallContext, type RemoteRunnerOptions, type RunnableMethods } from "bentoml-core";
import { RunnerServer } from "../runner-server/runner-server.js";
import type { RunnerToServe } from "../runner-server/runner-to-serve.js";
import type { RunnerListenOptions, RunnerServerOptions } from "../runner-server/runner-server-options.js";

/** What the sample's methods did, for tests that look at the server's side. */
export class SampleEvents {
  begun = 0;
  aborted = 0;
  made = 0;
  ended = 0;
  requestIds: readonly string[] = [];
  traceContexts: CallContext["traceContexts"] = [];
  deadline: number | undefined;
}

/** A Runnable with a method of each kind. It runs in this thread. */
export class Sample extends Runnable {
  static override readonly methods = {
    double: { batchable: true },
    echo: {},
    both: {},
    fail: {},
    context: {},
    wait: { idempotent: false },
    waitInBatches: { batchable: true, idempotent: false },
    count: { stream: true },
    broken: { stream: true },
    endless: { stream: true },
  } as const satisfies RunnableMethods;

  constructor(private readonly events: SampleEvents) {
    super();
  }

  double(x: NdArray<"float32">): NdArray<"float32"> {
    return new NdArray("float32", x.shape, x.data.map((value) => value * 2));
  }

  echo(value: unknown): unknown {
    return value;
  }

  both(x: NdArray): NdArray[] {
    return [x, x];
  }

  fail(error: { readonly name: string; readonly message: string }): never {
    throw Object.assign(new Error(error.message), { name: error.name });
  }

  context(_value: unknown, context: CallContext): string {
    this.events.requestIds = context.requestIds;
    this.events.traceContexts = context.traceContexts;
    this.events.deadline = context.deadline;
    return "done";
  }

  async wait(_value: unknown, { signal }: CallContext): Promise<never> {
    this.events.begun++;
    return new Promise((_resolve, reject) => {
      signal.addEventListener("abort", () => {
        this.events.aborted++;
        reject(signal.reason as Error);
      });
    });
  }

  async waitInBatches(values: readonly unknown[], context: CallContext): Promise<unknown[]> {
    return this.wait(values, context);
  }

  *count(to: number): Generator<number> {
    for (let item = 0; item < to; item++) yield item;
  }

  *broken(after: number): Generator<number> {
    for (let item = 0; item < after; item++) yield item;
    throw new RangeError(`no item ${after}`);
  }

  *endless(bytes: number): Generator<Uint8Array> {
    try {
      for (;;) {
        this.events.made++;
        yield new Uint8Array(bytes);
      }
    } finally {
      this.events.ended++;
    }
  }
}

/** A runner server of the sample, and runners that call it. */
export class SampleServer implements AsyncDisposable {
  readonly events: SampleEvents = new SampleEvents();
  readonly runner: Runner<typeof Sample>;
  readonly server: RunnerServer;
  readonly #clients: Runner<typeof Sample>[] = [];
  #url = "";

  constructor(options: Partial<RunnerServerOptions> = {}) {
    this.runner = new Runner(Sample, { name: "sample", runnableInitParams: this.events });
    this.server = new RunnerServer({ runner: this.runner, onUnexpectedError: () => undefined, ...options });
  }

  static async start(options: Partial<RunnerServerOptions> = {}, listen: RunnerListenOptions = { port: 0 }): Promise<SampleServer> {
    const sample = new SampleServer(options);
    await sample.runner.initLocal({ quiet: true });
    sample.#url = (await sample.server.listen(listen)).url;
    return sample;
  }

  get url(): string {
    return this.#url;
  }

  get port(): number {
    return Number(new URL(this.#url).port);
  }

  /** A runner whose calls go to the server. */
  async client(options: Partial<RemoteRunnerOptions> = {}): Promise<Runner<typeof Sample>> {
    const client = new Runner(Sample, { name: "sample", graceMs: 0 });
    this.#clients.push(client);
    await client.initClient({ url: this.#url, ...options });
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.destroy()));
    await this.server.close({ graceMs: 0 });
    await this.runner.destroy();
  }
}

/** A runner of one method, whose batches are of one item. */
export function runnerOfOneItem({ runner }: SampleServer): Omit<RunnerToServe, "name"> {
  return {
    methods: { echo: runner.echo },
    init: () => runner.init(),
    destroy: () => runner.destroy(),
    runnerHandleIsReady: (timeoutMs) => runner.runnerHandleIsReady(timeoutMs),
    stats: () => runner.stats(),
  };
}
