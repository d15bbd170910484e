import { expectTypeOf } from "vitest";
import type { RunnerHandle } from "../handles/index.js";
import type { AbstractRunner } from "./abstract-runner.js";
import { Runnable } from "./runnable.js";
import { Runner } from "./runner.js";

class Model extends Runnable {
  static override readonly methods = { run: {} } as const;
  run(x: number): number {
    return x;
  }
}

declare class Handle implements RunnerHandle {
  constructor(runner: AbstractRunner, url: string, options?: { readonly retries: number });
  readonly facts: RunnerHandle["facts"];
  runMethod: RunnerHandle["runMethod"];
  streamMethod: RunnerHandle["streamMethod"];
  isReady: RunnerHandle["isReady"];
  close: RunnerHandle["close"];
  stats: RunnerHandle["stats"];
}

const runner = new Runner(Model, { name: "r" });
expectTypeOf(runner).toExtend<AbstractRunner>();
expectTypeOf(runner.scheduledWorkerCount).toEqualTypeOf<number>();
expectTypeOf(runner.initClient({} as RunnerHandle)).resolves.toEqualTypeOf<typeof runner>();
expectTypeOf(runner.initClient(Handle, "http://host", { retries: 1 })).resolves.toEqualTypeOf<typeof runner>();
// @ts-expect-error the class's argument is missing
void runner.initClient(Handle);
// @ts-expect-error an argument of another type
void runner.initClient(Handle, 3);
// @ts-expect-error a handle takes no arguments
void runner.initClient({} as RunnerHandle, "http://host");
// @ts-expect-error attributes are read-only
runner.name = "other";
