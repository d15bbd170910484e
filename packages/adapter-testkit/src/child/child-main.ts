import { defaultRegistry, type AdapterModel, type AnyRunner, type AnyRunnerMethod } from "bentoml-core";
import { bytesIn } from "../values/arrays-in.js";
import type { ChildMessage, ChildReport, ChildTask, Traces } from "./child-protocol.js";
import { hidePackages } from "./missing-packages.js";
import { processState, tracesSince, type ProcessState } from "./process-traces.js";

/** Functions of the adapter's entry, as the command line uses them. */
interface Entry {
  readonly get: (tag: string) => AdapterModel;
  readonly loadModel?: (tag: string) => Promise<unknown>;
}

/** Least number of calls whose memory is measured, and most. */
const MEMORY_CALLS = [200, 5_000] as const;
const WARM_UP_CALLS = 50;
/** How long what `destroy` let go of may take to be gone, ms. */
const SETTLE_MS = 2_000;

const NO_TRACES: Traces = { libraries: [], modules: [], resources: [], listeners: [] };

process.once("message", (task) => void main(task as ChildTask));

async function main(task: ChildTask): Promise<void> {
  let message: ChildMessage;
  try {
    message = { report: await reportOf(task) };
  } catch (error) {
    message = { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  const mustEnd = task.scenario === "workers" || task.scenario === "forget";
  process.send?.(message, () => (mustEnd ? process.disconnect() : process.exit(0)));
}

async function reportOf(task: ChildTask): Promise<ChildReport> {
  openStandardStreams();
  const before = processState();
  if (task.scenario === "missing") hidePackages(task.nativePackages);
  if (task.scenario === "containers") return { functions: [], afterImport: NO_TRACES, atEnd: NO_TRACES, unregistered: await unregistered(task) };
  const entry = (await import(task.entryUrl)) as Entry & Readonly<Record<string, unknown>>;
  const functions = Object.keys(entry).filter((name) => typeof entry[name] === "function");
  const afterImport = tracesSince(before, task.nativePackages);
  const found = await run(task, entry, before);
  return { functions, afterImport, ...found };
}

/** Whoever looks at them first opens them, a library's logger for one; they keep no process alive. */
function openStandardStreams(): readonly NodeJS.WriteStream[] {
  return [process.stdout, process.stderr];
}

/** As a worker does with the first value of a container that it does not know. */
async function unregistered({ containers }: ChildTask): Promise<string[]> {
  const missing: string[] = [];
  for (const { container, module } of containers) {
    const loaded = (await import(module)) as { readonly register?: () => void };
    loaded.register?.();
    try {
      defaultRegistry.findByName(container);
    } catch {
      missing.push(container);
    }
  }
  return missing;
}

async function run(task: ChildTask, entry: Entry, before: ProcessState): Promise<Omit<ChildReport, "functions" | "afterImport">> {
  const traces = (): Traces => tracesSince(before, task.nativePackages);
  if (task.scenario === "missing") return { missing: await failureOf(() => entry.loadModel?.(task.tag)), atEnd: traces() };
  const runner = entry.get(task.tag).toRunner(task.runnerOptions);
  if (task.scenario === "look-up") return { atEnd: traces() };
  const isLocal = task.scenario === "local" || task.scenario === "memory";
  await (isLocal ? runner.initLocal({ quiet: true }) : runner.init());
  const memory = task.scenario === "memory" ? await memoryOf(task, runner) : undefined;
  await call(task, runner);
  if (task.scenario !== "forget") await runner.destroy();
  if (task.scenario === "local") await settled(traces);
  return { atEnd: traces(), ...(memory === undefined ? {} : { memory }) };
}

async function call(task: ChildTask, runner: AnyRunner): Promise<unknown> {
  const method = (task.method === undefined ? runner.run : runner.methods[task.method]) as AnyRunnerMethod;
  return method(...(await argumentsOf(task)));
}

function argumentsOf({ args }: ChildTask): Promise<unknown[]> {
  return Promise.all(args.map(async (payload) => defaultRegistry.findByName(payload.container).fromPayload(payload)));
}

/** Waits until nothing new keeps the process alive, as long as that may take. */
async function settled(traces: () => Traces): Promise<void> {
  const end = performance.now() + SETTLE_MS;
  while (traces().resources.length > 0 && performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
}

/** How much external memory many calls leave behind, one after the other. */
async function memoryOf(task: ChildTask, runner: AnyRunner): Promise<NonNullable<ChildReport["memory"]>> {
  const args = await argumentsOf(task);
  const result = await call(task, runner);
  const bytesPerCall = Math.min(bytesIn(args), bytesIn(result));
  for (let index = 0; index < WARM_UP_CALLS; index++) await call(task, runner);
  const [least, most] = MEMORY_CALLS;
  const calls = Math.min(most, Math.max(least, Math.ceil((2 * task.memoryBoundBytes) / Math.max(1, bytesPerCall))));
  const before = await externalBytes();
  for (let index = 0; index < calls; index++) await call(task, runner);
  return { calls, bytesPerCall, grownBytes: (await externalBytes()) - before };
}

/** After everything that can be collected is. */
async function externalBytes(): Promise<number> {
  for (let time = 0; time < 4; time++) {
    (globalThis as { gc?: () => void }).gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().external;
}

async function failureOf(work: () => unknown): Promise<{ shown: string; classNames: string[] }> {
  try {
    await work();
    return { shown: "", classNames: [] };
  } catch (error) {
    const classNames: string[] = [];
    for (let prototype: unknown = Object.getPrototypeOf(error); prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
      classNames.push((prototype as { constructor: { name: string } }).constructor.name);
    }
    return { shown: error instanceof Error ? error.message : String(error), classNames };
  }
}
