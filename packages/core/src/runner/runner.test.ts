import { expect, test, vi } from "vitest";
import { NdArray } from "../ndarray/index.js";
import type { CallContext } from "./call-context.js";
import { Runnable } from "./runnable.js";
import { Runner } from "./runner.js";

class Doubler extends Runnable {
  static override readonly methods = { predict: { batchable: true, doc: "Twice its argument." }, describe: {} } as const;
  predict(x: NdArray<"float32">): NdArray<"float32"> {
    return new NdArray("float32", x.shape, x.data.map((value) => value * 2));
  }
  describe(name: string, context: CallContext): Promise<string> {
    return Promise.resolve(`${name} ${context.requestIds.join()}`);
  }
}

class OnlyRun extends Runnable {
  static override readonly methods = { run: {} } as const;
  run(value: number): number {
    return value + 1;
  }
}

class Clashing extends Runnable {
  static override readonly methods = { destroy: {}, name: {} } as const;
  destroy(): string {
    return "mine";
  }
  name(): string {
    return "my name";
  }
}

test("methods are members, in `methods`, and described as the Runnable described them", async () => {
  const runner = await new Runner(Doubler, { name: "doubler" }).initLocal({ quiet: true });
  expect((await runner.predict(NdArray.from([[1, 2]], "float32"))).toNested()).toEqual([[2, 4]]);
  expect(await runner.methods.describe.with({ requestId: "r1" })("x")).toBe("x r1");
  const { name, doc, maxBatchSize, config } = runner.predict;
  expect({ name, doc, maxBatchSize, batchable: config.batchable }).toEqual({ name: "predict", doc: "Twice its argument.", maxBatchSize: 100, batchable: true });
  expect(runner.predict.runner).toBe(runner);
  await runner.destroy();
});

class Greeter extends Runnable {
  static override readonly methods = { greet: {} } as const;
  constructor(private readonly params: { readonly greeting: string }) {
    super();
  }
  greet(name: string): string {
    return `${this.params.greeting} ${name}`;
  }
}

test("runnableInitParams reach the Runnable's constructor", async () => {
  const runner = await new Runner(Greeter, { name: "greeter", runnableInitParams: { greeting: "hello" } }).initLocal({ quiet: true });
  expect(await runner.greet("you")).toBe("hello you");
  await runner.destroy();
});

test("initLocal says that it is for debugging, unless it is told to be quiet", async () => {
  const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
  const runner = new Runner(OnlyRun, { name: "only" });
  await runner.initLocal({ quiet: true });
  await runner.destroy();
  expect(warn).not.toHaveBeenCalled();
  await runner.initLocal();
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining("initLocal() is for debugging"), expect.objectContaining({ code: "BENTOML_INIT_LOCAL" }));
  await runner.destroy();
  warn.mockRestore();
});

test("run is the only method; of several without that name it is none", async () => {
  const only = await new Runner(OnlyRun, { name: "only" }).initLocal({ quiet: true });
  expect(await only.run(1)).toBe(2);
  expect(await only.run.run(2)).toBe(3);
  expect(new Runner(Doubler, { name: "doubler" }).run).toBeUndefined();
  await only.destroy();
});

test("a method cannot shadow the runner's own members, and is still in `methods`", async () => {
  const runner = await new Runner(Clashing, { name: "clashing" }).initLocal({ quiet: true });
  expect(runner.name).toBe("clashing");
  expect(await runner.methods.destroy()).toBe("mine");
  await runner.destroy();
});

test("auto-init of a class that workers cannot find says what to add, and the call rejects with it", async () => {
  const runner = new Runner(OnlyRun, { name: "only" });
  await expect(runner.run(1)).rejects.toMatchObject({ code: "RUNNABLE_NOT_REACHABLE", message: expect.stringContaining("static override readonly module") });
  await runner.initLocal({ quiet: true });
  expect(await runner.run(1)).toBe(2);
  await runner.destroy();
});

test("with autoInit false a call does not start anything", async () => {
  const runner = new Runner(OnlyRun, { name: "only", autoInit: false });
  await expect(runner.run(1)).rejects.toMatchObject({ code: "RUNNER_NOT_INITIALIZED", message: expect.stringMatching(/init\(\).*initLocal\(\)/) });
});

test("embedded runs in this thread by itself", async () => {
  await using runner = new Runner(OnlyRun, { name: "only", embedded: true });
  expect(await runner.run(41)).toBe(42);
  expect(runner.stats().workers.size).toBe(1);
});

test("what prepare throws reaches the caller, and what it returns reaches the method", async () => {
  const runner = new Runner(OnlyRun, {
    name: "only",
    embedded: true,
    prepare: (params) => {
      if (typeof params.args[0] !== "number") throw new TypeError("not a number");
      return params.map((value) => (value as number) * 10);
    },
  });
  expect(await runner.run(2)).toBe(21);
  await expect((runner.run as (value: unknown) => Promise<number>)("2")).rejects.toThrow("not a number");
  await runner.destroy();
});

test("a user's own handle gets the calls", async () => {
  const runner = new Runner(OnlyRun, { name: "only" });
  const seen: unknown[] = [];
  await runner.initClient({
    facts: {},
    runMethod: (method, params) => Promise.resolve(seen.push(method.name, ...params.args)),
    streamMethod: () => {
      throw new Error("not used");
    },
    isReady: () => Promise.resolve(true),
    close: () => Promise.resolve(),
    stats: () => ({ queuedCalls: 0, queuedItems: 0, workers: { alive: 1, idle: 1, size: 1, restarts: 0 } }),
  });
  await runner.run(7);
  expect(seen).toEqual(["run", 7]);
});
