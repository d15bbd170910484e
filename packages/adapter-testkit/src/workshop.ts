import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ModelStore, type Adapter, type AdapterModel, type AnyRunner, type AnyRunnerMethod, type RunnerOptions } from "bentoml-core";
import type { AdapterPackage } from "./adapter-package.js";
import type { AnyAdapterTestOptions } from "./adapter-test-options.js";
import { broken, holds } from "./contract-error.js";
import type { SampleModel } from "./sample-model.js";

/** What a check saves under when it saves. */
export interface SaveDetails {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** Where one check works: a store of its own, and runners that end with it. Checks may run at the same time. */
export class Workshop {
  readonly #folder: string = realpathSync(mkdtempSync(join(tmpdir(), "bentoml-adapter-testkit-")));
  readonly #runners: AnyRunner[] = [];
  readonly store: ModelStore = new ModelStore(join(this.#folder, "store"));

  private constructor(
    readonly options: AnyAdapterTestOptions,
    readonly adapterPackage: AdapterPackage,
    readonly adapter: Adapter<unknown, object, object>,
  ) {}

  static async use(options: AnyAdapterTestOptions, adapterPackage: AdapterPackage, work: (workshop: Workshop) => Promise<void>): Promise<void> {
    const workshop = new Workshop(options, adapterPackage, await options.adapter());
    try {
      await work(workshop);
    } finally {
      await workshop.#close();
    }
  }

  /** Saves a sample, or puts it there where the adapter saves nothing. */
  async saved(sample: SampleModel, details: SaveDetails = {}): Promise<AdapterModel> {
    const { store, adapter } = this;
    const { name = "sample", labels, metadata } = details;
    if (sample.put !== undefined) return adapter.get(await sample.put(store, name), { store });
    if (sample.native === undefined) broken(`The sample "${sample.name}" has neither "native" nor "put", so it cannot come into a store: add one of them.`);
    const common = { store, ...(labels === undefined ? {} : { labels }), ...(metadata === undefined ? {} : { metadata }) };
    return adapter.saveModel(name, await sample.native(), { ...sample.saveOptions, ...common });
  }

  /** A runner of a sample with a name of its own, destroyed when the check ends. */
  async runnerOf(sample: SampleModel, options: RunnerOptions = {}): Promise<AnyRunner> {
    return this.runner(await this.saved(sample), sample, options);
  }

  /** Another runner of a model that is saved. */
  runner(model: AdapterModel, sample: SampleModel, options: RunnerOptions = {}): AnyRunner {
    const name = `testkit-${process.pid}-${nextRunner++}`;
    const runner = model.toRunner({ workers: 1, name, ...sample.runnerOptions, ...options });
    this.#runners.push(runner);
    return runner;
  }

  /** Registers the adapter's containers; whether that fails is a law of its own. */
  register(): void {
    try {
      this.adapter.register();
    } catch {
      // What it registered before is there.
    }
  }

  /** A project that has the package installed; answers its folder. */
  project(): string {
    const { name, folder } = this.adapterPackage;
    const project = join(this.#folder, "project");
    if (existsSync(project)) return project;
    const installed = join(project, "node_modules", name);
    mkdirSync(join(installed, ".."), { recursive: true });
    writeFileSync(join(project, "package.json"), JSON.stringify({ name: "project", dependencies: { [name]: "*" } }));
    symlinkSync(realpathSync(folder), installed, "junction");
    return project;
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#runners.map(async (runner) => runner.destroy()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

let nextRunner = 0;

/** The method that a sample's calls go to. */
export function methodOf(runner: AnyRunner, sample: SampleModel): AnyRunnerMethod {
  const method = sample.method === undefined ? runner.run : runner.methods[sample.method];
  holds(method !== undefined, `The runner of "${sample.name}" has ${sample.method === undefined ? "no default method" : `no method "${sample.method}"`}: name one of ${Object.keys(runner.methods).join(", ")} in the sample's "method".`);
  return method;
}
