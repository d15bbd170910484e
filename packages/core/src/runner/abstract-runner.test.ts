import { expect, test, vi } from "vitest";
import { failedStream, type HandleStats, type MethodSpec, type RunnerHandle } from "../handles/index.js";
import { AbstractRunner } from "./abstract-runner.js";
import { Runnable } from "./runnable.js";
import { Runner } from "./runner.js";

const NO_STATS: HandleStats = { queuedCalls: 0, queuedItems: 0, workers: { alive: 0, idle: 0, size: 0, restarts: 0 } };

class Model extends Runnable {
  static override readonly methods = { run: {} } as const;
  run(x: number): number {
    return x;
  }
}

/** A runner of another make: its models run on a server, and it has no handle of ours. */
class ElsewhereRunner extends AbstractRunner {
  readonly methods = {};
  readonly url: string;
  live = false;

  constructor(name: string, url: string) {
    super({ name, models: [], resourceConfig: undefined, runnableClass: Model, embedded: false });
    this.url = url;
  }
  initLocal(): Promise<this> {
    return Promise.reject(new Error("no local mode"));
  }
  initClient(): Promise<this> {
    this.live = true;
    return Promise.resolve(this);
  }
  destroy(): Promise<void> {
    this.live = false;
    return Promise.resolve();
  }
  runnerHandleIsReady(): Promise<boolean> {
    return Promise.resolve(this.live);
  }
}

class RecordingHandle implements RunnerHandle {
  readonly facts = {};
  readonly calls: unknown[] = [];
  started = false;
  closed = false;

  constructor(
    readonly runner: AbstractRunner,
    readonly url?: string,
    readonly retries?: number,
  ) {}
  start(): Promise<void> {
    this.started = true;
    return Promise.resolve();
  }
  runMethod(method: MethodSpec): Promise<unknown> {
    this.calls.push(method.name);
    return Promise.resolve(this.url);
  }
  streamMethod(): AsyncGenerator<never, void, undefined> {
    return failedStream(new Error("no stream"));
  }
  isReady(): Promise<boolean> {
    return Promise.resolve(this.started && !this.closed);
  }
  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
  stats(): HandleStats {
    return NO_STATS;
  }
}

test("a runner of an adapter's own has the same attributes, checked in the same way", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
  const runner = new ElsewhereRunner("Elsewhere", "http://host");
  expect(runner).toMatchObject({ name: "elsewhere", models: [], embedded: false, runnableClass: Model, url: "http://host" });
  expect(() => new ElsewhereRunner("not a name", "")).toThrow(/Runner name "not a name" is not valid/);
  expect(() => new Runner(Model, { name: "r", models: [undefined as never] })).toThrow(/must be a list of stored models/);
  await (async () => {
    await using used = await runner.initClient();
    expect(await used.runnerHandleIsReady()).toBe(true);
  })();
  expect(runner.live).toBe(false);
  warn.mockRestore();
});

test("initClient makes a handle of a class: the runner first, then the arguments", async () => {
  const runner = new Runner(Model, { name: "r" });
  const made: RecordingHandle[] = [];
  class Handle extends RecordingHandle {
    constructor(owner: AbstractRunner, url: string, retries: number) {
      super(owner, url, retries);
      made.push(this);
    }
  }
  expect(await runner.initClient(Handle, "http://host", 3)).toBe(runner);
  expect(await runner.run(1)).toBe("http://host");
  expect([made[0]?.runner, made[0]?.retries, made[0]?.started, made[0]?.calls]).toEqual([runner, 3, true, ["run"]]);
  await expect(runner.initClient(Handle, "http://host", 3)).rejects.toMatchObject({ code: "STATE_ERROR" });
  await runner.destroy();
  expect(made[0]?.closed).toBe(true);
});

test("initClient takes a handle, twice the same one, and leaves it as it is", async () => {
  const runner = new Runner(Model, { name: "r" });
  const plain: RunnerHandle = Object.freeze({
    facts: {},
    runMethod: () => Promise.resolve(1),
    streamMethod: () => failedStream(new Error("no stream")),
    isReady: () => Promise.resolve(true),
    close: () => Promise.resolve(),
    stats: () => NO_STATS,
  });
  await runner.initClient(plain);
  await runner.initClient(plain);
  expect(await runner.run(1)).toBe(1);
  await expect(runner.initClient(new RecordingHandle(runner))).rejects.toThrow(/already initialised \(client\)/);
  await runner.destroy();
});

test.each([undefined, null, "http://host", {}])("initClient(%j) says what it takes", async (given) => {
  const runner = new Runner(Model, { name: "r" });
  await expect(runner.initClient(given as never)).rejects.toThrow(/initClient\(\) takes \{ url \} of a runner server, a handle, or the class of one/);
});

test("a dummy handle is not ready, neither before an init nor after destroy; asking starts nothing", async () => {
  const runner = new Runner(Model, { name: "r" });
  expect(await runner.runnerHandleIsReady(0)).toBe(false);
  await runner.initLocal({ quiet: true });
  expect(await runner.runnerHandleIsReady()).toBe(true);
  await runner.destroy();
  expect(await runner.runnerHandleIsReady(0)).toBe(false);
  await expect(runner.run(1)).rejects.toMatchObject({ code: "RUNNER_NOT_INITIALIZED" });
  await runner.initLocal({ quiet: true });
  expect(await runner.run(1)).toBe(1);
  await runner.destroy();
});

test("a call during destroy is refused, whoever began", async () => {
  const runner = await new Runner(Model, { name: "r" }).initLocal({ quiet: true });
  const destroyed = runner.destroy();
  await expect(runner.run(1)).rejects.toThrow(/is being destroyed/);
  await destroyed;
});

test("D5: the promise of an asynchronous method is awaited by a local runner", async () => {
  class Slow extends Runnable {
    static override readonly methods = { double: { batchable: false }, fail: {} } as const;
    async double(x: number): Promise<number> {
      await new Promise(setImmediate);
      return x * 2;
    }
    async fail(): Promise<void> {
      await new Promise(setImmediate);
      throw new RangeError("later");
    }
  }
  await using runner = await new Runner(Slow, { name: "slow" }).initLocal({ quiet: true });
  expect(await runner.double(21)).toBe(42);
  await expect(runner.fail()).rejects.toThrow("later");
});
