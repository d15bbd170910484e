import type { CallContext } from "./call-context.js";
import type { Runnable, RunnableClass } from "./runnable.js";
import type { RunnerMethod } from "./runner-method.js";

type WithoutContext<Args extends readonly unknown[]> = Args extends readonly [...infer Head, CallContext] ? Head : Args;

type MethodOf<Implementation> = Implementation extends (...args: infer Args) => infer Result
  ? RunnerMethod<WithoutContext<Args>, Awaited<Result>>
  : never;

/** The methods of a Runnable class as its runner has them: without the context, and asynchronous. */
export type MethodsOf<Class extends RunnableClass> = {
  readonly [Name in keyof Class["methods"] & keyof InstanceType<Class> & string]: MethodOf<InstanceType<Class>[Name]>;
};

type IsUnion<Name, Whole = Name> = [Name] extends [never] ? false : Name extends unknown ? ([Whole] extends [Name] ? false : true) : never;

type DefaultName<Methods> = "__call__" extends keyof Methods
  ? "__call__"
  : IsUnion<keyof Methods> extends false
    ? keyof Methods
    : "run" extends keyof Methods
      ? "run"
      : never;

/** `runner.run`: the only method, or the one called `__call__` or `run`. */
export type DefaultMethod<Methods> = [DefaultName<Methods>] extends [never] ? undefined : Methods[DefaultName<Methods>];

/** Any Runnable class, for where its methods are not known. */
export type AnyRunnableClass = RunnableClass<Runnable>;
