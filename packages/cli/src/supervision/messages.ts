import type { ProcessMetrics, ProcessStatistics } from "bentoml-server";
import type { RunnerFacts, ServedDescription } from "../serve/descriptions.js";
import type { ApplicationSource, ServeOptions } from "../serve/serve-options.js";

/** What a process is told to be, once. */
export type Assignment = ApiAssignment | RunnerAssignment;

interface SharedAssignment {
  readonly source: ApplicationSource;
  readonly options: ServeOptions;
  /** Folder with the sockets of all processes. */
  readonly folder: string;
}

/** Answers requests. */
export interface ApiAssignment extends SharedAssignment {
  readonly role: "api";
  /** Its own socket. */
  readonly socket: string;
  /** The runners are in processes of their own, behind sockets of the folder. */
  readonly isApart: boolean;
  /** Before all others: it does what is to be done once. */
  readonly isFirst: boolean;
  /** Tells which files it has imported. */
  readonly tellsFiles: boolean;
}

/** Runs one runner for the API processes. */
export interface RunnerAssignment extends SharedAssignment {
  readonly role: "runner";
  readonly runnerName: string;
}

/** What each process counts for itself, and one answer shows of all. */
export interface CountedKinds {
  readonly metrics: ProcessMetrics;
  readonly statistics: ProcessStatistics;
}

export type CountedKind = keyof CountedKinds;
export type Counted = CountedKinds[CountedKind];

/** From the supervisor to a process. A connection comes with its socket. */
export type ToProcess =
  | { readonly type: "assign"; readonly assignment: Assignment }
  | { readonly type: "connection" }
  /** Another process takes the connections from now on. */
  | { readonly type: "retire"; readonly graceMs: number }
  /** It will be stopped: it says that it is not ready, and each answer closes its connection. */
  | { readonly type: "leave" }
  | { readonly type: "stop"; readonly graceMs: number }
  | { readonly type: "tell"; readonly kind: CountedKind; readonly id: number }
  /** The answer to `gather`: of all other processes, what was asked for. */
  | { readonly type: "others"; readonly id: number; readonly told: readonly Counted[] };

/** From a process to the supervisor. */
export type FromProcess =
  | LoadedMessage
  /** It takes connections; its runners may not be ready. */
  | { readonly type: "listening" }
  | ReadyMessage
  | FailedMessage
  /** It has taken the last connection. */
  | { readonly type: "taken" }
  | { readonly type: "event"; readonly isWarning: boolean; readonly text: string }
  | { readonly type: "warning"; readonly text: string }
  | { readonly type: "gather"; readonly kind: CountedKind; readonly id: number }
  | { readonly type: "told"; readonly id: number; readonly counted: Counted }
  | { readonly type: "files"; readonly files: readonly string[] };

/** It has read what is to be served. */
export interface LoadedMessage {
  readonly type: "loaded";
  /** Runners that must be in processes of their own. */
  readonly runnersApart: readonly string[];
  /** Settings that nothing uses. */
  readonly unusedSettings: readonly string[];
}

export interface ReadyMessage {
  readonly type: "ready";
  /** Of an API process. */
  readonly description?: ServedDescription;
  readonly needsToken?: boolean;
  readonly isEncrypted?: boolean;
  readonly hasPage?: boolean;
  /** Of a runner's process. */
  readonly facts?: RunnerFacts;
}

/** It cannot do what it was assigned, and ends. */
export interface FailedMessage {
  readonly type: "failed";
  /** One line. */
  readonly message: string;
  /** With stack and causes. */
  readonly details: string;
  /** The file is TypeScript that Node cannot take as it is. */
  readonly needsTranspiler: boolean;
}
