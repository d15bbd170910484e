import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ModelStore, type ModelSignature, type StoredModel } from "bentoml-core";
import { runCli } from "./run-cli.js";
import type { CliContext, StopSignal } from "./cli-context.js";

/**
 * An adapter for tests, installed in a folder's node_modules: its models answer what they are asked. A label `init` makes
 * the start of a runner fail with that text, `destroy: never` makes its end hang. `journal` tells what was started and destroyed.
 */
const adapterSource = `
export const journal = [];
export function get(tag, { store }) {
  const { tag: full, info } = store.get(tag);
  return { tag: full, info, toRunner: (options = {}) => new EchoRunner(full, info, options) };
}
export async function saveModel(name, path, { store }) {
  return store.create({ name, module: "bentoml.onnx", adapter: undefined }, async () => ({
    signatures: {}, frameworkName: "echo", frameworkVersions: {}, apiVersion: "v1",
  }));
}
export function modelTypeDeclaration(info, tags) {
  return tags.length === 0 || info.labels.untyped !== undefined ? "" : "// " + tags.join(", ") + "\\n";
}
class EchoRunner {
  facts = { threads: 2, spinning: false };
  constructor(tag, info, options) {
    this.tag = tag.toString();
    this.info = info;
    this.options = options;
    this.name = options.name ?? tag.name;
    this.workers = 0;
    const answer = async (inputs) => ({ y: inputs.x });
    this.methods = { run: { name: "run", maxBatchSize: options.maxBatchSize ?? options.configuration.runner(this.name).batching.maxBatchSize, config: { batchable: true, batchDim: [0, 0], stream: false }, with: () => answer } };
  }
  async init() {
    journal.push("init " + this.name);
    if (this.info.labels.init !== undefined) throw new Error(this.info.labels.init);
    this.workers = this.options.workers ?? 1;
  }
  async destroy() {
    journal.push("destroy " + this.name);
    if (this.info.labels.destroy === "never") await new Promise(() => undefined);
    this.workers = 0;
  }
  async runnerHandleIsReady() {
    return this.workers > 0;
  }
  stats() {
    return { queuedCalls: 0, queuedItems: 0, methods: {}, workers: { alive: this.workers, idle: this.workers, size: 1, restarts: 0 } };
  }
}
`;

const signature: ModelSignature = {
  batchable: true,
  batchDim: [0, 0],
  inputSpec: [{ name: "x", dtype: "float32", shape: ["batch", 3] }],
  outputSpec: [{ name: "y", dtype: "float32", shape: ["batch", 3] }],
};

/** What a command printed, and its exit code. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a store and an installed adapter, in which tests run the command. */
export class CliWorkshop {
  readonly folder: string = realpathSync(mkdtempSync(join(tmpdir(), "bentoml-cli-")));
  readonly store: ModelStore = new ModelStore(join(this.folder, "store"));

  constructor() {
    this.installAdapter("bentoml-echo", adapterSource);
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Installs a package that declares itself to be the adapter of the module `bentoml.<name>`. */
  installAdapter(packageName: string, source: string = adapterSource): void {
    const folder = join(this.folder, "node_modules", packageName);
    mkdirSync(folder, { recursive: true });
    const bentoml = { adapter: "v1", pythonModules: [packageName.replace("-", ".")] };
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: packageName, type: "module", exports: "./index.js", bentoml }));
    writeFileSync(join(folder, "index.js"), source);
  }

  /** Saves a model with one file of 2,048 bytes. */
  save(name: string, { module = "bentoml.echo", labels = {} }: { module?: string; labels?: Record<string, string> } = {}): Promise<StoredModel> {
    return this.store.create({ name, module, adapter: undefined, labels }, async (draft) => {
      writeFileSync(draft.pathOf("weights.bin"), new Uint8Array(2048));
      return { signatures: { run: signature }, frameworkName: "echo", frameworkVersions: {}, apiVersion: "v1" };
    });
  }

  /** Starts and destructions of this workshop's runners, in their order. */
  async journal(): Promise<string[]> {
    const entry = pathToFileURL(join(this.folder, "node_modules", "bentoml-echo", "index.js")).href;
    return ((await import(entry)) as { journal: string[] }).journal;
  }

  async run(argv: readonly string[], world: Partial<CliContext> = {}): Promise<CliResult> {
    const running = this.start(argv, world);
    return { code: await running.code, stdout: running.stdout(), stderr: running.stderr() };
  }

  /** Starts a command that runs until a signal comes. */
  start(argv: readonly string[], world: Partial<CliContext> = {}): RunningCli {
    return new RunningCli(["--store", this.store.root, ...argv], { workingFolder: this.folder, ...world });
  }
}

/** A command that runs in this process. */
export class RunningCli {
  readonly code: Promise<number>;
  /** Exit codes that the command wanted to end the process with. */
  readonly exits: number[] = [];
  #stdout = "";
  #stderr = "";
  #listener: ((signal: StopSignal) => void) | undefined;
  readonly #waiting: { readonly pattern: RegExp; readonly resolve: (match: RegExpExecArray) => void }[] = [];

  constructor(argv: readonly string[], world: Partial<CliContext>) {
    this.code = runCli(argv, {
      stdout: { write: (text) => this.#written(text) },
      stderr: { write: (text) => (this.#stderr += text) },
      environment: {},
      ask: undefined,
      onSignal: (listener) => {
        this.#listener = listener;
        return () => (this.#listener = undefined);
      },
      exitNow: (code) => this.exits.push(code),
      ...world,
    });
  }

  stdout(): string {
    return this.#stdout;
  }

  stderr(): string {
    return this.#stderr;
  }

  signal(signal: StopSignal): void {
    this.#listener?.(signal);
  }

  /** Waits until the command has printed this; rejects when it ends before. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    const found = new Promise<RegExpExecArray>((resolve) => {
      this.#waiting.push({ pattern, resolve });
      this.#written("");
    });
    const ended = this.code.then((code) => {
      throw new Error(`It ended with ${code} and never printed ${String(pattern)}. ${this.#stdout}${this.#stderr}`);
    });
    return Promise.race([found, ended]);
  }

  #written(text: string): void {
    this.#stdout += text;
    for (const { pattern, resolve } of this.#waiting) {
      const match = pattern.exec(this.#stdout);
      if (match !== null) resolve(match);
    }
  }
}
