import { expect, test } from "vitest";
import { kwargs } from "../containers/index.js";
import type { CallContext } from "./call-context.js";
import { Runnable } from "./runnable.js";
import { Runner, type AnyRunner } from "./runner.js";

class Talking extends Runnable {
  static override readonly methods = {
    chat: { stream: true, doc: "Words of an answer." },
    echo: { idempotent: false },
    keywords: {},
  } as const;
  async *chat(prompt: string, context: CallContext): AsyncGenerator<string> {
    yield* await Promise.resolve([prompt, ...context.requestIds]);
  }
  echo(value: unknown): unknown {
    return value;
  }
  keywords(first: number, { second, third = 3 }: { second: number; third?: number }): number[] {
    return [first, second, third];
  }
}

class OnlyStream extends Runnable {
  static override readonly methods = { chat: { stream: true } } as const;
  *chat(): Generator<number> {
    yield 1;
  }
}

async function all(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

test("a method knows its runner, its name and how it is called", () => {
  const runner = new Runner(Talking, { name: "talking", maxLatencyMs: 70 });
  const { chat, echo } = runner;
  expect([chat.name, chat.doc, chat.maxBatchSize, chat.maxLatencyMs]).toEqual(["chat", "Words of an answer.", 1, 70]);
  expect(chat.config).toEqual({ batchable: false, batchDim: [0, 0], idempotent: true, stream: true });
  expect([echo.config.idempotent, echo.config.stream, echo.doc, echo.runner === runner]).toEqual([false, false, undefined, true]);
});

test("each form with options and without; the default method may be a stream", async () => {
  const runner = await new Runner(Talking, { name: "talking" }).initLocal({ quiet: true });
  expect(await all(runner.chat.stream("hello"))).toEqual(["hello"]);
  expect(await all(runner.chat.with({ requestId: "r" }).stream("hello"))).toEqual(["hello", "r"]);
  expect([await runner.echo.run(1), await runner.echo.with({}).run(2), runner.echo.runSync(3), runner.echo.with({}).runSync(4)]).toEqual([1, 2, 3, 4]);
  await runner.destroy();
  const only = await new Runner(OnlyStream, { name: "only" }).initLocal({ quiet: true });
  expect(await all(only.run.stream())).toEqual([1]);
  await only.destroy();
});

test("keywords may follow positions, but not come before one", async () => {
  const runner = await new Runner(Talking, { name: "talking" }).initLocal({ quiet: true });
  expect(await runner.keywords(1, kwargs({ second: 2 }))).toEqual([1, 2, 3]);
  expect(runner.keywords.runSync(1, kwargs({ second: 2, third: 4 }))).toEqual([1, 2, 4]);
  await expect((runner as unknown as AnyRunner).methods["keywords"]?.(kwargs({ second: 2 }), 1)).rejects.toThrow(/Keywords must come last/);
  await runner.destroy();
});

test("the wrong form of a method is an error that names the right one", async () => {
  const { methods } = new Runner(Talking, { name: "talking", embedded: true }) as unknown as AnyRunner;
  const isStream = { code: "INVALID_ARGUMENT", message: 'Method "chat" of runner "talking" is a stream: call it as runner.methods.chat.stream(…).' };
  await expect(methods["chat"]?.("x")).rejects.toMatchObject(isStream);
  await expect(methods["chat"]?.run("x")).rejects.toMatchObject(isStream);
  await expect(methods["chat"]?.with({ timeoutMs: 1 })("x")).rejects.toMatchObject(isStream);
  expect(() => methods["chat"]?.runSync("x")).toThrow(expect.objectContaining(isStream));
  const isNone = { message: 'Method "echo" of runner "talking" is no stream, it answers once: call it as runner.methods.echo.run(…).' };
  await expect(methods["echo"]?.stream("x").next()).rejects.toMatchObject(isNone);
  await expect(methods["echo"]?.with({ timeoutMs: 1 }).stream("x").next()).rejects.toMatchObject(isNone);
});

test("a priority that there is not is told where it is given", () => {
  const { echo } = new Runner(Talking, { name: "talking" });
  expect(() => echo.with({ priority: "urgent" as never })).toThrow(/priority is "urgent"; it must be one of high, normal, low/);
  for (const priority of ["high", "normal", "low", undefined] as const) expect(() => echo.with({ priority })).not.toThrow();
});

test("a stream that cannot start tells so with its first next, and never as an unhandled rejection", async () => {
  const runner = new Runner(Talking, { name: "talking" });
  const unread = runner.chat.stream("x");
  expect(await unread.return()).toEqual({ done: true, value: undefined });
  await expect(runner.chat.stream("x").next()).rejects.toMatchObject({ code: "RUNNABLE_NOT_REACHABLE" });
  const strict = new Runner(Talking, { name: "talking", autoInit: false });
  await expect(strict.chat.stream("x").next()).rejects.toMatchObject({ code: "RUNNER_NOT_INITIALIZED" });
  expect(() => strict.echo.runSync("x")).toThrow(expect.objectContaining({ code: "RUNNER_NOT_INITIALIZED" }));
});

test("a method cannot be batchable and a stream", () => {
  class Both extends Runnable {
    static override readonly methods = { chat: { batchable: true, stream: true } } as const;
    *chat(): Generator<number> {
      yield 1;
    }
  }
  expect(() => new Runner(Both, { name: "both" })).toThrow(/"chat" is declared both batchable and a stream/);
});
