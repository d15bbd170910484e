import { BentoMLError, isBentoMLError, NotFoundError } from "bentoml-core";
import { withoutPaths } from "../http/host-paths.js";
import type { ModelDirectory } from "../model-directory.js";
import type { ServableRunner, ServedModel } from "../served-model.js";
import { startRunner } from "../start-runner.js";
import type { ModelRepository } from "./model-repository.js";

/** Errors of a start name files of the host, which are nobody's business outside. */
const NOT_STARTED = "it could not be started, the server's log says why";

/** A row of the index, as the protocol has it. */
export interface IndexEntry {
  readonly name: string;
  readonly version: string;
  readonly state: "READY" | "LOADING" | "UNLOADING" | "UNAVAILABLE";
  /** Why it is not ready, "" where nothing went wrong. */
  readonly reason: string;
}

/** Told of each model that requests can reach from now on, or cannot any more. */
export type ModelChangeListener = (change: "loaded" | "unloaded", model: ServedModel) => void;

/** What the control of models needs of its server. */
export interface ServingParts {
  readonly changed: ModelChangeListener;
  readonly directory: ModelDirectory;
  /** Resolves when no request for this model is being answered any more. */
  readonly idle: (model: ServedModel) => Promise<void>;
  /** A runner is served from now on, or is served no more. */
  readonly runnerAdded: (runner: ServableRunner) => void;
  readonly runnerRemoved: (runner: ServableRunner) => void;
  /** Told of what clients are not told. */
  readonly report: (error: unknown) => void;
}

/**
 * Loads and unloads models while the server runs. A load opens and starts the new version beside the one that is served; when that
 * works, requests go to the new one, and the old one ends when it has answered what it accepted: no request fails. When it does not
 * work, the old one stays.
 */
export class ModelControl {
  readonly #repository: ModelRepository;
  readonly #parts: ServingParts;
  /** The last thing that was begun with a name: loads and unloads of one name wait for each other. */
  readonly #last: Map<string, Promise<unknown>> = new Map();
  readonly #states: Map<string, { readonly version: string; readonly state: IndexEntry["state"]; readonly reason: string }> = new Map();
  readonly #retiring: Set<Promise<void>> = new Set();

  constructor(repository: ModelRepository, parts: ServingParts) {
    this.#repository = repository;
    this.#parts = parts;
  }

  /** All models that are served or could be. `onlyReady` leaves out those that no request can use now. */
  async index(onlyReady: boolean): Promise<readonly IndexEntry[]> {
    const { models } = this.#parts.directory;
    const served: IndexEntry[] = models.map(({ name, version }) => ({ name, version, state: "READY", reason: "" }));
    if (onlyReady) return served;
    const changing = [...this.#states].map(([name, state]) => ({ name, ...state }));
    const known = [...served, ...changing];
    const others = (await this.#repository.list()).filter(({ name, version }) => !known.some((entry) => entry.name === name && entry.version === version));
    const rows = [...known, ...others.map(({ name, version }): IndexEntry => ({ name, version, state: "UNAVAILABLE", reason: "not loaded" }))];
    return rows.sort((one, other) => compare(one.name, other.name) || compare(one.version, other.version));
  }

  /** Resolves when requests go to what was loaded. Rejects with why it cannot be served; then what was served before still is. */
  load(name: string): Promise<void> {
    return this.#inTurn(nameOf(name), () => this.#load(name));
  }

  /** Resolves when no request can reach the model any more; those that it has accepted are still answered. */
  unload(name: string): Promise<void> {
    return this.#inTurn(name, () => this.#unload(name));
  }

  /** Resolves when nothing is being loaded, and every runner that was replaced or unloaded has ended. */
  async settled(): Promise<void> {
    while (this.#last.size + this.#retiring.size > 0) await Promise.allSettled([...this.#last.values(), ...this.#retiring]);
  }

  async #load(wanted: string): Promise<void> {
    const model = await this.#open(wanted);
    const { name, version, runner } = model;
    this.#states.set(name, { version, state: "LOADING", reason: "" });
    try {
      await startRunner(runner);
      const before = this.#parts.directory.replace(name, [model]);
      this.#parts.runnerAdded(runner);
      this.#parts.changed("loaded", model);
      this.#states.delete(name);
      this.#retire(before);
    } catch (error) {
      this.#states.set(name, { version, state: "UNAVAILABLE", reason: NOT_STARTED });
      this.#parts.report(error);
      await runner.destroy().catch(this.#parts.report);
      throw new BentoMLError(`failed to load '${name}:${version}': ${NOT_STARTED}`, { code: "MODEL_NOT_LOADED", httpStatus: 400, cause: error });
    }
  }

  /** A repository's own errors are answered; what it does not throw on purpose is for the log alone. */
  async #open(wanted: string): Promise<ServedModel> {
    try {
      return await this.#repository.open(wanted);
    } catch (error) {
      if (!isBentoMLError(error) || withoutPaths(error.message) === error.message) throw error;
      this.#parts.report(error);
      throw new BentoMLError(withoutPaths(error.message), { code: error.code, httpStatus: error.httpStatus, cause: error });
    }
  }

  async #unload(name: string): Promise<void> {
    const before = this.#parts.directory.replace(name, []);
    if (before.length > 0) {
      for (const model of before) this.#parts.changed("unloaded", model);
      this.#states.delete(name);
      this.#retire(before);
      return;
    }
    const isKnown = (await this.#repository.list()).some((entry) => entry.name === name);
    if (!isKnown) throw new NotFoundError(`there is no model "${name.slice(0, 80)}", neither on this server nor in its store`);
    // A model that failed to load, or that was never loaded.
    this.#states.delete(name);
  }

  /** Ends runners that serve nothing any more, each when its last request is answered. */
  #retire(models: readonly ServedModel[]): void {
    const { directory, idle, runnerRemoved, report } = this.#parts;
    const inUse = new Set(directory.models.map(({ runner }) => runner));
    const runners = new Set(models.map(({ runner }) => runner).filter((runner) => !inUse.has(runner)));
    for (const runner of runners) {
      const retired = Promise.all(models.filter((model) => model.runner === runner).map(idle))
        .then(() => runner.destroy())
        .catch(report)
        .then(() => runnerRemoved(runner))
        .finally(() => this.#retiring.delete(retired));
      this.#retiring.add(retired);
    }
  }

  async #inTurn(name: string, work: () => Promise<void>): Promise<void> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const own = before.then(work, work);
    this.#last.set(name, own);
    try {
      await own;
    } finally {
      if (this.#last.get(name) === own) this.#last.delete(name);
    }
  }
}

/** The name that a load works on: `digits:v2` is a version of `digits`. */
function nameOf(wanted: string): string {
  return wanted.split(":", 1)[0] as string;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
