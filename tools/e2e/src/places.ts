import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AnyRunner, RunnerOptions } from "bentoml-core";
import { RunnerServer, type RunnerListenOptions } from "bentoml-server";

/** Makes a runner of the same Runnable each time, with these options besides its own. */
export type MakeRunner = (options: RunnerOptions) => AnyRunner;

/** A runner that can be called, and what ends it. */
export interface StartedRunner {
  readonly runner: AnyRunner;
  stop(): Promise<void>;
}

/** A place where a runner's model can run. Whatever is called must answer the same in each. */
export interface Place {
  readonly place: string;
  start(make: MakeRunner): Promise<StartedRunner>;
}

/** In this thread. */
const local: Place = { place: "local", start: (make) => alone(make({}), (runner) => runner.initLocal({ quiet: true })) };

/** In worker threads of this process. */
const workerThreads: Place = { place: "worker threads", start: (make) => alone(make({ isolation: "thread" }), (runner) => runner.init()) };

/** In worker processes. */
const workerProcesses: Place = { place: "worker processes", start: (make) => alone(make({ isolation: "process" }), (runner) => runner.init()) };

/** Behind a runner server on a port. */
const remotePort: Place = { place: "remote, TCP", start: (make) => behindServer(make, { port: 0 }) };

/** Behind a runner server on a Unix socket. */
const remoteSocket: Place = {
  place: "remote, Unix socket",
  start: async (make) => {
    const folder = mkdtempSync(join(tmpdir(), "bentoml-place-"));
    const started = await behindServer(make, { socket: join(folder, "runner.sock") });
    return {
      runner: started.runner,
      stop: async () => {
        await started.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

const everywhere: readonly Place[] = [local, workerThreads, workerProcesses, remotePort];

export const places: readonly Place[] = process.platform === "win32" ? everywhere : [...everywhere, remoteSocket];

async function alone(runner: AnyRunner, init: (runner: AnyRunner) => Promise<unknown>): Promise<StartedRunner> {
  await init(runner);
  return { runner, stop: () => runner.destroy() };
}

async function behindServer(make: MakeRunner, listen: RunnerListenOptions): Promise<StartedRunner> {
  const server = new RunnerServer({ runner: make({}), ownsRunner: true, onUnexpectedError: () => undefined });
  const { url } = await server.listen(listen);
  const runner = make({});
  await runner.initClient({ url });
  return {
    runner,
    stop: async () => {
      await runner.destroy();
      await server.close({ graceMs: 1_000 });
    },
  };
}
