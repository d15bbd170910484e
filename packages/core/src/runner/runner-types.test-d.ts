import { expectTypeOf } from "vitest";
import { kwargs, type Kwargs } from "../containers/index.js";
import type { NamedTensors, NdArray } from "../ndarray/index.js";
import type { CallContext } from "./call-context.js";
import { Runnable } from "./runnable.js";
import type { AnyRunnerMethod } from "./runner-method.js";
import { Runner, type AnyRunner } from "./runner.js";

interface SamplingOptions {
  x: NdArray<"float32">;
  temperature: number;
  mode?: "greedy" | "beam";
}

class Example extends Runnable {
  static override readonly methods = {
    predict: { batchable: true },
    describe: {},
    sample: { batchable: true },
    tensors: { batchable: true },
    optional: {},
    chat: { stream: true },
    count: { stream: true },
    deferred: { stream: true },
  } as const;
  predict(x: NdArray<"float32">, temperature: number, context: CallContext): Promise<NdArray<"int64">> {
    throw new Error(String([x, temperature, context]));
  }
  describe(): string {
    return "";
  }
  sample(options: SamplingOptions, context: CallContext): number {
    return options.temperature + context.requestIds.length;
  }
  tensors(inputs: NamedTensors): NamedTensors {
    return inputs;
  }
  optional(text: string, options: { readonly upper?: boolean } = {}): string {
    return options.upper === true ? text.toUpperCase() : text;
  }
  async *chat(prompt: string, context: CallContext): AsyncGenerator<{ readonly token: string }> {
    yield await Promise.resolve({ token: prompt + context.requestIds.join() });
  }
  *count(to: number): Generator<number> {
    yield to;
  }
  deferred({ a }: { a: number }): Promise<readonly string[]> {
    return Promise.resolve([String(a)]);
  }
  notInTheTable(): void {}
}

class Single extends Runnable {
  static override readonly methods = { run: {} } as const;
  run(value: string): number {
    return value.length;
  }
}

/** A table without `as const`. */
class OnlyStream extends Runnable {
  static override readonly methods = { chat: { stream: true } };
  *chat(prompt: string): Generator<string> {
    yield prompt;
  }
}

/** A subclass copies its parent's table and adds to it. */
class Extended extends Example {
  static override readonly methods = { ...Example.methods, tokens: { stream: true }, size: {} } as const;
  *tokens(text: string): Generator<bigint> {
    yield BigInt(text.length);
  }
  size(text: string): number {
    return text.length;
  }
}

const runner = new Runner(Example);
const x = {} as NdArray<"float32">;

// Calls.
expectTypeOf(runner.predict).parameters.toEqualTypeOf<[x: NdArray<"float32">, temperature: number]>();
expectTypeOf(runner.predict).returns.resolves.toEqualTypeOf<NdArray<"int64">>();
expectTypeOf(runner.predict.run).toEqualTypeOf<(x: NdArray<"float32">, temperature: number) => Promise<NdArray<"int64">>>();
expectTypeOf(runner.predict.with).returns.parameters.toEqualTypeOf<[x: NdArray<"float32">, temperature: number]>();
expectTypeOf(runner.methods.describe).returns.resolves.toEqualTypeOf<string>();
expectTypeOf(runner.run).toEqualTypeOf<undefined>();
// @ts-expect-error a method that is not in the table is not the runner's
runner.notInTheTable;
// @ts-expect-error the context is given by the runner, not by the caller
void runner.predict({} as NdArray<"float32">, 1, {} as CallContext);
// @ts-expect-error a wrong argument
void new Runner(Single).run(1);
expectTypeOf(new Runner(Single).run).returns.resolves.toEqualTypeOf<number>();
expectTypeOf((await runner.init()).predict).toEqualTypeOf(runner.predict);

// Synchronous calls: the same arguments, the result itself.
expectTypeOf(runner.predict.runSync(x, 1)).toEqualTypeOf<NdArray<"int64">>();
expectTypeOf(new Runner(Single).run.runSync("a")).toEqualTypeOf<number>();
expectTypeOf(runner.describe.with({ timeoutMs: 5 }).runSync()).toEqualTypeOf<string>();
expectTypeOf(runner.predict.with({ requestId: "r" }).run(x, 1)).resolves.toEqualTypeOf<NdArray<"int64">>();
// @ts-expect-error a wrong argument
runner.predict.runSync("x", 1);
// @ts-expect-error no such option
runner.predict.with({ timeout: 5 });

// Streams: by what the generator yields; no other way to call them.
expectTypeOf(runner.chat.stream("hello")).toEqualTypeOf<AsyncGenerator<{ readonly token: string }, void, undefined>>();
expectTypeOf(runner.count.stream(3)).toEqualTypeOf<AsyncGenerator<number, void, undefined>>();
expectTypeOf(runner.deferred.stream({ a: 1 })).toEqualTypeOf<AsyncGenerator<string, void, undefined>>();
expectTypeOf(runner.methods.chat.with({ signal: AbortSignal.abort() }).stream("hello")).toEqualTypeOf(runner.chat.stream("hello"));
expectTypeOf(new Runner(OnlyStream).run.stream("hello")).toEqualTypeOf<AsyncGenerator<string, void, undefined>>();
// @ts-expect-error a stream is not called
void runner.chat("hello");
// @ts-expect-error a stream has no run
runner.chat.run;
// @ts-expect-error a stream has no runSync
runner.chat.runSync;
// @ts-expect-error nor is it called with options
void runner.chat.with({ timeoutMs: 5 })("hello");
// @ts-expect-error what answers once is no stream
runner.predict.stream;
// @ts-expect-error nor is it with options
runner.predict.with({ timeoutMs: 5 }).stream;
// @ts-expect-error a wrong argument
runner.chat.stream(1);

// Keywords stand for a last argument that is a record.
void runner.sample({ x, temperature: 1 });
void runner.sample(kwargs({ x, temperature: 1 }));
void runner.sample.with({ timeoutMs: 5 })(kwargs({ x, temperature: 1, mode: "beam" }));
runner.sample.runSync(kwargs({ x, temperature: 1 }));
runner.deferred.stream(kwargs({ a: 1 }));
void runner.optional("text");
void runner.optional("text", { upper: true });
void runner.optional("text", kwargs({ upper: true }));
void runner.tensors(kwargs({ any: x, name: x }));
const keywords = kwargs({ x, temperature: 1 });
void runner.sample(keywords);
const allKeywords: Kwargs<Required<SamplingOptions>> = kwargs({ x, temperature: 1, mode: "beam" });
void runner.sample(allKeywords);
expectTypeOf(kwargs({ a: 1 })).toEqualTypeOf<Kwargs<{ a: number }>>();
// @ts-expect-error a keyword that the method does not have
void runner.sample(kwargs({ x, temperature: 1, tmperature: 2 }));
// @ts-expect-error a keyword of another type
void runner.sample(kwargs({ x, temperature: "hot" }));
// @ts-expect-error a keyword is missing
void runner.sample(kwargs({ x }));
// @ts-expect-error no such mode
void runner.sample(kwargs({ x, temperature: 1, mode: "random" }));
// @ts-expect-error a tensor and a number are no record
void runner.predict(kwargs({ x, temperature: 1 }));
// @ts-expect-error not a record of tensors
void runner.tensors(kwargs({ any: 1 }));
// @ts-expect-error no such keyword
void runner.optional("text", kwargs({ lower: true }));

// Subclasses have their parent's methods and their own.
const extended = new Runner(Extended);
expectTypeOf(extended.predict).toEqualTypeOf(runner.predict);
expectTypeOf(extended.chat.stream).toEqualTypeOf(runner.chat.stream);
expectTypeOf(extended.tokens.stream("a")).toEqualTypeOf<AsyncGenerator<bigint, void, undefined>>();
expectTypeOf(extended.size.runSync("a")).toEqualTypeOf<number>();
// @ts-expect-error the parent does not get the subclass's methods
runner.tokens;

// Methods that are known only at run time have every form.
expectTypeOf<AnyRunner["methods"][string]>().toEqualTypeOf<AnyRunnerMethod>();
expectTypeOf<AnyRunnerMethod["stream"]>().returns.toEqualTypeOf<AsyncGenerator<unknown, void, undefined>>();
