import { describe as nodeDescribe, test as nodeTest } from "node:test";
import type { Adapter } from "bentoml-core";
import { describe, test } from "vitest";
import { testAdapter, type TestFunction } from "./index.js";

declare const adapter: Adapter<{ readonly scale: number }, { readonly digits?: number }, { readonly note?: string }>;
/** As jest's types have it. */
declare const jestTest: { (name: string, fn?: (done: () => void) => unknown, timeout?: number): void; skip: (name: string, fn?: (done: () => void) => unknown) => void };

const _vitest: TestFunction = test;
const _node: TestFunction = nodeTest;
const _jest: TestFunction = jestTest;
const calls = [{ args: () => [1], expected: 1 }];

testAdapter({ test, describe, adapter: () => adapter, packageFolder: ".", models: [{ name: "x", native: () => ({ scale: 2 }), calls, runnerOptions: { digits: 2, workers: 1 } }] });
testAdapter({ test: nodeTest, describe: nodeDescribe, adapter: () => adapter, packageFolder: new URL("file:///x"), models: [{ name: "x", native: () => ({ scale: 2 }), calls, saveOptions: { note: "x" } }] });

// @ts-expect-error the native model is the adapter's
testAdapter({ test, adapter: () => adapter, packageFolder: ".", models: [{ name: "x", native: () => ({ scale: "2" }), calls }] });
// @ts-expect-error options of runners are the adapter's and core's
testAdapter({ test, adapter: () => adapter, packageFolder: ".", models: [{ name: "x", native: () => ({ scale: 2 }), calls, runnerOptions: { digit: 2 } }] });
// @ts-expect-error a reason is needed
testAdapter({ test, adapter: () => adapter, packageFolder: ".", models: [{ name: "x", native: () => ({ scale: 2 }), calls }], leftOut: { batching: true } });
