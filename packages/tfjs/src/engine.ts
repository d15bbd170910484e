import { dirname, sep } from "node:path";
import type { GraphModel } from "@tensorflow/tfjs-converter";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import type * as Core from "@tensorflow/tfjs-core";
import { MissingDependencyError } from "bentoml-core";
import { backendLadder, type BackendName } from "./backend.js";
import { loadNativePackage } from "./native-backend.js";
import type { NativeSavedModels } from "./saved-model-engine.js";
import { findPackage, loadPackage } from "./tfjs-package.js";

/** The module `@tensorflow/tfjs-core`, or the part of tfjs-node that is the same. */
export type TfjsCore = typeof Core;

interface LayersPackage {
  loadLayersModel(handler: Core.io.IOHandler): Promise<LayersModel>;
}

interface ConverterPackage {
  loadGraphModel(handler: Core.io.IOHandler): Promise<GraphModel>;
}

/** TensorFlow.js on one backend, in this thread. */
export interface Engine {
  readonly backend: BackendName;
  /** Of TensorFlow.js. */
  readonly version: string;
  readonly core: TfjsCore;
  /** @throws MissingDependencyError. */
  readonly layers: () => LayersPackage;
  /** @throws MissingDependencyError. */
  readonly converter: () => ConverterPackage;
  /** Only of the native backend. */
  readonly savedModels?: NativeSavedModels;
}

/** An engine, and why those above it on the ladder were passed over. */
export interface ChosenEngine {
  readonly engine: Engine;
  /** Empty when it is the first of the ladder, or was asked for. */
  readonly passedOver: readonly string[];
}

const engines = new Map<BackendName, Promise<Engine>>();

/**
 * The engine of that backend, or of the first one that loads.
 *
 * @throws MissingDependencyError when it, or every one, is not installed.
 */
export async function openEngine(backend?: BackendName): Promise<ChosenEngine> {
  const failures: string[] = [];
  for (const name of backend === undefined ? backendLadder : [backend]) {
    try {
      return { engine: await engineOf(name), passedOver: failures };
    } catch (error) {
      if (!(error instanceof MissingDependencyError) || backend !== undefined) throw error;
      failures.push(error.message);
    }
  }
  throw new MissingDependencyError(`TensorFlow.js is not installed: npm i @tensorflow/tfjs-node, or the packages without native code. ${failures.join(" ")}`);
}

function engineOf(name: BackendName): Promise<Engine> {
  let engine = engines.get(name);
  if (engine === undefined) {
    engine = { tensorflow: nativeEngine, wasm: wasmEngine, cpu: cpuEngine }[name]();
    engines.set(name, engine);
    engine.catch(() => engines.delete(name));
  }
  return engine;
}

/**
 * Calls `work` with the engine's backend in use, and gives the thread back the one that it had: there is one at a time in a
 * thread, and other models or the user's own code may want another. A `work` that is asynchronous keeps it until its end.
 */
export function onBackend<Result>({ core, backend }: Pick<Engine, "core" | "backend">, work: () => Result): Result {
  const before = core.getBackend() as string | undefined;
  if (before === backend) return work();
  use(core, backend);
  if (before === undefined) return work();
  const restore = (): void => use(core, before);
  try {
    const result = work();
    if (!(result instanceof Promise)) return (restore(), result);
    return result.finally(restore) as Result;
  } catch (error) {
    restore();
    throw error;
  }
}

/** Of a backend that has been started this is done when it returns, promise or not. */
function use(core: TfjsCore, backend: string): void {
  void core.setBackend(backend);
}

async function nativeEngine(): Promise<Engine> {
  const before = currentBackend();
  const native = loadNativePackage() as TfjsCore & LayersPackage & ConverterPackage & { readonly node: NativeSavedModels };
  // Loading it has put its backend in use.
  if (before !== undefined) use(native, before);
  // Copies of tfjs-layers in one thread get into each other's way (they give their variables the same names), so it must be the user's.
  const installed = <Package>(name: string): Package => (findPackage(name) === undefined ? native : loadPackage(name, "Models")) as Package;
  const core = installed<TfjsCore>("@tensorflow/tfjs-core");
  return {
    backend: "tensorflow",
    version: core.version_core,
    core,
    layers: () => installed<LayersPackage>("@tensorflow/tfjs-layers"),
    converter: () => installed<ConverterPackage>("@tensorflow/tfjs-converter"),
    savedModels: native.node,
  };
}

async function wasmEngine(): Promise<Engine> {
  const name = "@tensorflow/tfjs-backend-wasm";
  const neededFor = 'Models on the backend "wasm"';
  const core = loadCore(neededFor);
  const before = currentBackend();
  const wasm = loadPackage(name, neededFor) as { setWasmPaths(folder: string): void };
  if (!isStarted(core, "wasm")) {
    wasm.setWasmPaths(dirname(findPackage(name) as string) + sep);
    await withoutNewListeners(() => start(core, "wasm", name));
  }
  if (before !== undefined) use(core, before);
  return { backend: "wasm", ...modelPackages(core) };
}

async function cpuEngine(): Promise<Engine> {
  const core = loadCore('Models on the backend "cpu"');
  const before = currentBackend();
  startCpu(core);
  if (before !== undefined) use(core, before);
  return { backend: "cpu", ...modelPackages(core) };
}

/** In one step: this backend has nothing to wait for. */
function startCpu(core: TfjsCore): void {
  loadPackage("@tensorflow/tfjs-backend-cpu", 'Models on the backend "cpu"');
  use(core, "cpu");
  // It would print an advertisement for tfjs-node into the user's console.
  Object.assign(core.findBackend("cpu"), { firstUse: false });
}

/**
 * TensorFlow.js with whatever backend this thread uses, for values that need a home; "cpu" where there is none yet.
 *
 * @throws MissingDependencyError.
 */
export function startedCore(): TfjsCore {
  const core = findPackage("@tensorflow/tfjs-core") === undefined ? (loadNativePackage() as TfjsCore) : loadCore("Tensors");
  if (currentBackend() === undefined) startCpu(core);
  return core;
}

function modelPackages(core: TfjsCore): Pick<Engine, "version" | "core" | "layers" | "converter"> {
  return {
    version: core.version_core,
    core,
    layers: () => loadPackage("@tensorflow/tfjs-layers", "Layers models") as LayersPackage,
    converter: () => loadPackage("@tensorflow/tfjs-converter", "Graph models") as ConverterPackage,
  };
}

function loadCore(neededFor: string): TfjsCore {
  return loadPackage("@tensorflow/tfjs-core", neededFor) as TfjsCore;
}

/** The backend that the thread's code uses before we load ours: all copies of tfjs-core in a thread share one engine. */
function currentBackend(): string | undefined {
  const shared = globalThis as { _tfengine?: { backendName?: string } };
  return shared._tfengine?.backendName ?? undefined;
}

function isStarted(core: TfjsCore, backend: string): boolean {
  return backend in core.engine().registry;
}

/** @throws MissingDependencyError when the backend refuses to start. */
async function start(core: TfjsCore, backend: BackendName, name: string): Promise<void> {
  if (await core.setBackend(backend)) return;
  throw new MissingDependencyError(
    `The backend "${backend}" does not start here. Install ${name} and @tensorflow/tfjs-core in one version, or choose another backend: toRunner({ backend: "cpu" }).`,
  );
}

/**
 * WebAssembly's glue code (Emscripten's) wants to hear of every uncaught error of the process, and would turn an unhandled rejection
 * into an error of its own. Both are the business of the process's owner.
 */
async function withoutNewListeners(work: () => Promise<void>): Promise<void> {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = events.map((event) => new Set<unknown>(process.rawListeners(event)));
  try {
    await work();
  } finally {
    for (const [index, event] of events.entries()) {
      for (const listener of process.rawListeners(event)) {
        if (before[index]?.has(listener) === false) process.off(event, listener as () => void);
      }
    }
  }
}
