import { expectTypeOf } from "vitest";
import type { NdArray } from "../ndarray/index.js";
import type { CallContext } from "./call-context.js";
import { Runnable } from "./runnable.js";
import { Runner } from "./runner.js";

class Example extends Runnable {
  static override readonly methods = { predict: { batchable: true }, describe: {} } as const;
  predict(x: NdArray<"float32">, temperature: number, context: CallContext): Promise<NdArray<"int64">> {
    throw new Error(String([x, temperature, context]));
  }
  describe(): string {
    return "";
  }
  notInTheTable(): void {}
}

class Single extends Runnable {
  static override readonly methods = { run: {} } as const;
  run(value: string): number {
    return value.length;
  }
}

const runner = new Runner(Example);
expectTypeOf(runner.predict).parameters.toEqualTypeOf<[x: NdArray<"float32">, temperature: number]>();
expectTypeOf(runner.predict).returns.resolves.toEqualTypeOf<NdArray<"int64">>();
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
