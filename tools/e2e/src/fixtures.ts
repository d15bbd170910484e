import { Runner, type AnyRunner, type AnyRunnerMethod, type RunnableMethods, type RunnerOptions } from "bentoml-core";

/** A runner of a class in `fixtures/`, by reference, as an adapter makes one. */
export function fixtureRunner(file: string, className: string, methods: RunnableMethods, params?: unknown, options: RunnerOptions = {}): AnyRunner {
  return new Runner(
    {
      module: new URL(`../fixtures/${file}.mjs`, import.meta.url).href,
      export: className,
      params,
      methods,
      supportsCpuMultiThreading: true,
    },
    { name: className.toLowerCase(), ...options },
  );
}

/** The method of that name; a test that misspells it should say so. */
export function method(runner: AnyRunner, name: string): AnyRunnerMethod {
  const found = runner.methods[name];
  if (found === undefined) throw new Error(`fixture has no method ${name}`);
  return found;
}

export const ARITHMETIC_METHODS: RunnableMethods = {
  double: { batchable: true },
  sum: { batchable: true },
  scale: { batchable: true },
  lengths: { batchable: true },
  whole: {},
  rootOfPositive: { batchable: true },
  tooShort: { batchable: true },
  batchSize: { batchable: true },
  columns: { batchable: true, batchDim: [1, 1] },
  context: {},
  identity: { batchable: true },
  named: { batchable: true },
  unsendable: {},
};
