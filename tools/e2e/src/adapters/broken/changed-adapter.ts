import { defineAdapter, type AdapterModel, type AnyRunner, type AnyRunnerMethod, type CallOptions, type RunnableReference, type StoredModel } from "bentoml-core";
import { definition, type LinearAdapter, type LinearDefinition, type LinearOptions } from "../reference/index.js";
import type { TableContainer, Table } from "../reference/table-container.js";

/** The reference adapter with a part of its definition changed. */
export function withDefinition(changes: Partial<LinearDefinition>): LinearAdapter {
  return defineAdapter({ ...definition, ...changes });
}

/** The reference adapter with a Runnable of another module. */
export function withRunnable(module: string, name: string): LinearAdapter {
  const runnable = (model: StoredModel, options: LinearOptions): RunnableReference => ({ ...definition.runnable(model, options), module, export: name });
  return withDefinition({ runnable });
}

/** The reference adapter with a container for a class of its own, since the reference's serves `Table`. */
export function withContainer(type: new (caption: string, rows: readonly (readonly number[])[]) => Table, container: TableContainer, moduleUrl: string): LinearAdapter {
  return withDefinition({ containers: [{ singleType: type, batchType: type, container }], moduleUrl });
}

/** The reference adapter with each of its models changed. */
export function withModels(change: (model: AdapterModel<LinearOptions>) => AdapterModel<LinearOptions>): LinearAdapter {
  const adapter = defineAdapter(definition);
  return {
    ...adapter,
    get: (...args) => change(adapter.get(...args)),
    saveModel: async (...args) => change(await adapter.saveModel(...args)),
  };
}

/** The reference adapter with each of its runners changed. */
export function withRunners(change: (runner: AnyRunner) => AnyRunner): LinearAdapter {
  return withModels((model) => replaced(model, { toRunner: (options?: LinearOptions) => change(model.toRunner(options)) }));
}

/** The reference adapter with each call of `run` changed, or what `with` gives. */
export function withCalls(
  call: (method: AnyRunnerMethod, args: readonly unknown[]) => Promise<unknown>,
  withOptions: (method: AnyRunnerMethod, options: CallOptions) => unknown = (method, options) => method.with(options),
): LinearAdapter {
  return withRunners((runner) => {
    const method = runner.methods["run"] as AnyRunnerMethod;
    return withRun(runner, Object.assign((...args: readonly unknown[]) => call(method, args), { with: (options: CallOptions) => withOptions(method, options) }));
  });
}

/** A runner with another `run`. */
export function withRun(runner: AnyRunner, run: (...args: readonly unknown[]) => Promise<unknown>, members: Readonly<Record<string, unknown>> = {}): AnyRunner {
  const { config, maxLatencyMs } = runner.methods["run"] as AnyRunnerMethod;
  const changed = Object.assign(run, { config, maxLatencyMs });
  return replaced(runner, { run: changed, methods: { ...runner.methods, run: changed }, ...members });
}

/** An object with some members replaced. Its methods still run on the object itself, which has private fields and may be frozen. */
export function replaced<Target extends object>(target: Target, members: Readonly<Record<string, unknown>>): Target {
  return new Proxy(Object.create(Object.getPrototypeOf(target) as object) as Target, {
    get: (_, key) => {
      if (typeof key === "string" && Object.hasOwn(members, key)) return members[key];
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" && !Object.hasOwn(target, key) ? (value.bind(target) as unknown) : value;
    },
  });
}
