import type { ContainerModule, Payload } from "bentoml-core";

/** What a child process does with the adapter. */
export type Scenario = "look-up" | "local" | "workers" | "forget" | "memory" | "missing" | "containers";

export interface ChildTask {
  readonly scenario: Scenario;
  /** `file:` URL of the adapter's entry. */
  readonly entryUrl: string;
  readonly tag: string;
  readonly method: string | undefined;
  readonly runnerOptions: object;
  /** Arguments of one call. */
  readonly args: readonly Payload[];
  /** Packages that the adapter's users install beside it. */
  readonly nativePackages: readonly string[];
  readonly memoryBoundBytes: number;
  /** Containers, and the module that registers each, as a worker is told of them. */
  readonly containers: readonly ContainerModule[];
}

/** What a step left behind that was not there before. */
export interface Traces {
  /** Native libraries of packages, by path. */
  readonly libraries: readonly string[];
  /** CommonJS modules of the native packages, by path. */
  readonly modules: readonly string[];
  /** What keeps the process alive, such as `Timeout`. */
  readonly resources: readonly string[];
  /** Events of `process` that got listeners. */
  readonly listeners: readonly string[];
}

export interface ChildReport {
  /** Names that the entry exports as functions. */
  readonly functions: readonly string[];
  readonly afterImport: Traces;
  /** After the scenario's last step. */
  readonly atEnd: Traces;
  readonly memory?: { readonly calls: number; readonly bytesPerCall: number; readonly grownBytes: number };
  /** Containers that their module did not register. */
  readonly unregistered?: readonly string[];
  /** What loading without the native packages threw. */
  readonly missing?: { readonly shown: string; readonly classNames: readonly string[] };
}

export type ChildMessage = { readonly report: ChildReport } | { readonly error: string };
