import type { Kwargs } from "../containers/index.js";
import type { CallContext } from "./call-context.js";
import type { RunnableClass } from "./runnable.js";
import type { RunnerMethod, RunnerStreamMethod } from "./runner-method.js";

type WithoutContext<Args extends readonly unknown[]> = Args extends readonly [...infer Head, CallContext]
  ? Head
  : Args extends readonly [...infer Head, CallContext?]
    ? Head
    : Args;

/** Whether keywords can stand for a value of this type: a record of data, no list and nothing with methods of its own. */
type IsRecord<Value> = [Value] extends [readonly unknown[] | ((...args: never) => unknown)]
  ? false
  : [Value] extends [object]
    ? [Extract<Value[keyof Value], (...args: never) => unknown>] extends [never]
      ? true
      : false
    : false;

/** The value itself, or keywords in its place if it is a record. */
type OrKeywords<Value> = IsRecord<NonNullable<Value>> extends true ? Value | Kwargs<NonNullable<Value>> : Value;

/** Arguments as a caller may give them: the method's own, or keywords in place of a last argument that is a record. */
type Accepted<Args extends readonly unknown[]> = Args extends readonly [...infer Head, infer Last]
  ? [OrKeywords<Last>] extends [Last]
    ? Args
    : [...Head, OrKeywords<Last>]
  : Args extends readonly [...infer Head, (infer Last)?]
    ? [OrKeywords<Last>] extends [Last]
      ? Args
      : [...Head, OrKeywords<Last>?]
    : Args;

/** What a stream method's generator, or other iterable, yields. */
type ItemOf<Result> = Result extends AsyncIterable<infer Item> ? Item : Result extends Iterable<infer Item> ? Awaited<Item> : never;

/** Also true for a `stream: boolean` of a table without `as const`: nobody writes `stream: false`. */
type IsStream<Config> = Config extends { readonly stream: infer Stream } ? (true extends Stream ? true : false) : false;

type MethodOf<Implementation, Config> = Implementation extends (...args: infer Args) => infer Result
  ? IsStream<Config> extends true
    ? RunnerStreamMethod<Accepted<WithoutContext<Args>>, ItemOf<Awaited<Result>>>
    : RunnerMethod<Accepted<WithoutContext<Args>>, Awaited<Result>>
  : never;

/** The methods of a Runnable class as its runner has them: without the context, asynchronous, streams as streams. */
export type MethodsOf<Class extends RunnableClass> = {
  readonly [Name in keyof Class["methods"] & keyof InstanceType<Class> & string]: MethodOf<InstanceType<Class>[Name], Class["methods"][Name]>;
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
