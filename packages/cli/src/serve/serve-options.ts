import type { RunnerChoices } from "./runner-choices.js";
import type { TlsFiles } from "./option-files.js";

/** Options of `bentoml serve`, as the command line gives them: plain data. What is left out comes from the configuration. */
export interface ServeOptions extends RunnerChoices, TlsFiles {
  readonly host?: string;
  readonly port?: number;
  readonly maxBodyBytes?: number;
  readonly modelControl: "none" | "explicit";
  readonly apiWorkers?: number;
  /** Of `name=url`. */
  readonly remoteRunner?: readonly string[];
  /** Every runner must be given a place elsewhere. */
  readonly runsNoModel?: boolean;
  readonly runnerTokenFile?: string;
  readonly tokenFile?: string;
  readonly development?: boolean;
  /** False: without the page for people. */
  readonly page: boolean;
  /** How long the server goes on, not ready, after a signal. */
  readonly drainMs: number;
}

/** What is to be served. */
export type ApplicationSource =
  | { readonly kind: "models"; readonly tags: readonly string[]; readonly storeRoot: string }
  | {
      readonly kind: "service";
      /** Absolute path. */
      readonly file: string;
      /** The export that is the service; undefined: the only one that is. */
      readonly exportName: string | undefined;
      readonly storeRoot: string;
    };
