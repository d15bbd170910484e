import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { systemClock } from "../clock/index.js";
import type { SavedFacts } from "./model-info.js";
import { ModelStore } from "./model-store.js";
import { StoreScript, type CodeOfScript, type EndedProcess } from "./store-process.testing.js";
import type { StoredModel } from "./stored-model.js";

/** What a process is doing when it is killed. */
export type Operation = "save" | "import" | "delete";

/** When: before its n-th change to the disk, or so many milliseconds after it begins. */
export type Moment = { readonly change: number } | { readonly afterMs: number };

const facts: SavedFacts = { signatures: {}, frameworkName: "none", frameworkVersions: {}, apiVersion: "v1" };

/** Counts calls that change the disk, and dies before the one that it is told. */
const COUNTING = `
let fatal = 0;
let changes = 0;
function countChange() {
  changes++;
  if (changes === fatal) process.kill(process.pid, "SIGKILL");
}
function count(target, name) {
  const original = target[name];
  target[name] = function (...args) {
    if (typeof args[0] !== "string" || args[0].startsWith(parameters[0])) countChange();
    return Reflect.apply(original, this, args);
  };
}
for (const name of ["mkdirSync", "mkdtempSync", "writeFileSync", "renameSync", "rmSync", "rmdirSync", "fsyncSync"]) count(fs, name);
for (const name of ["open", "mkdir", "rename", "rm"]) count(fs.promises, name);
const handle = await fs.promises.open(process.argv[1]);
for (const name of ["writeFile", "sync"]) count(Object.getPrototypeOf(handle), name);
await handle.close();
`;

const VICTIM = `
const [root, operation, subject] = parameters;
const store = new ModelStore(root);
// Loads the code for archives, so that the moment of the kill falls into the work itself.
if (operation === "import") await new ModelStore(root + "-unused").import(root + "/absent").catch(() => undefined);
changes = 0;
fatal = Number(parameters[3]);
process.stdout.write("begins\\n");
if (operation === "save") {
  await store.create({ name: subject, module: "none" }, async (draft) => {
    for (const file of ["a.bin", "b.bin"]) fs.writeFileSync(draft.pathOf(file), Buffer.alloc(200_000, subject));
    return facts;
  });
} else if (operation === "import") await store.import(subject);
else store.delete(subject);
process.stdout.write("changes " + changes + "\\n");
`;

/** A store that others work on until they are killed, and what must be in it. */
export class KilledProcesses {
  readonly store: ModelStore;
  /** Tags of models that were committed and not deleted, sorted. */
  committed: readonly string[] = [];
  readonly #folder: string;
  readonly #script: StoreScript;

  constructor(folder: string, code: CodeOfScript) {
    this.#folder = folder;
    this.store = new ModelStore(join(folder, "store"));
    mkdirSync(this.store.root);
    this.#script = new StoreScript(folder, VICTIM, { code, before: COUNTING });
  }

  /** Saves a model of two files in this process. */
  async save(tag: string): Promise<void> {
    await saveIn(this.store, tag);
    this.committed = [...this.committed, tag].sort();
  }

  /** How many changes to the disk an operation makes that nobody kills. It saves, imports or deletes `tag`. */
  async changesOf(operation: Operation, tag: string): Promise<number> {
    const { output, errors } = await this.#script.run([this.store.root, operation, await this.#subjectOf(operation, tag), 0]);
    this.#note(operation, tag);
    const changes = Number(/changes (\d+)/.exec(output)?.[1]);
    expect(changes, errors).toBeGreaterThan(3);
    return changes;
  }

  /**
   * Has a process save, import or delete `tag`, kills it at that moment, and expects the store to be whole: all that was
   * committed is listed, opened and verified, and the killed operation is done or cannot be seen. Answers whether it is done,
   * and whether the process was killed before its end.
   */
  async kill(operation: Operation, tag: string, moment: Moment): Promise<{ readonly done: boolean; readonly killed: boolean }> {
    const parameters = [this.store.root, operation, await this.#subjectOf(operation, tag)];
    const ended =
      "change" in moment
        ? await this.#script.run([...parameters, moment.change])
        : await this.#script.run([...parameters, 0], (text, kill) => {
            if (text.includes("begins")) systemClock.at(systemClock.now() + moment.afterMs, kill);
          });
    const what = `${operation} ${tag} killed at ${JSON.stringify(moment)}. ${ended.errors}`;
    expect(ended.output, what).toContain("begins");
    const done = this.#note(operation, tag);
    await this.expectWhole(what);
    return { done, killed: wasKilled(ended) };
  }

  /**
   * Expects every committed model to be listed and to verify, `latest` to be one of them, and nothing half-written beside
   * them: until it is swept, at most the empty folder of a name.
   */
  async expectWhole(what: string): Promise<void> {
    expect(this.store.list().map(String), what).toEqual(this.committed);
    for (const tag of this.committed) expect(await this.store.verify(tag), what).toMatchObject({ manifest: "matches", files: 2 });
    for (const name of this.#names()) expect(this.committed, what).toContain(String(this.store.get(name)));
    const versions = readdirSync(this.#models, { withFileTypes: true }).flatMap((name) => foldersIn(join(this.#models, name.name)).map((version) => `${name.name}:${version}`));
    expect(versions.sort(), what).toEqual(this.committed);
  }

  /** As `expectWhole`, after a save that nobody killed: then nothing at all is left of those that were. */
  async expectSwept(): Promise<void> {
    await this.expectWhole("swept");
    expect(readdirSync(this.#models).sort()).toEqual(this.#names());
    expect(readdirSync(join(this.store.root, "tmp"))).toEqual([]);
  }

  get #models(): string {
    return join(this.store.root, "models");
  }

  #names(): string[] {
    return [...new Set(this.committed.map((tag) => tag.split(":")[0]!))];
  }

  /** An archive is made in a store of its own. */
  async #subjectOf(operation: Operation, tag: string): Promise<string> {
    if (operation !== "import") return tag;
    const other = new ModelStore(join(this.#folder, "other"));
    const model = await saveIn(other, tag);
    const archive = await other.export(model.tag, join(this.#folder, "archive.tar"));
    other.delete(model.tag);
    return archive;
  }

  /** Looks whether the operation was done, and remembers it. */
  #note(operation: Operation, tag: string): boolean {
    const isThere = this.store.list(tag).length === 1;
    const others = this.committed.filter((each) => each !== tag);
    this.committed = (isThere ? [...others, tag] : others).sort();
    return isThere === (operation !== "delete");
  }
}

async function saveIn(store: ModelStore, tag: string): Promise<StoredModel> {
  return store.create({ name: tag, module: "none" }, async (draft) => {
    for (const file of ["a.bin", "b.bin"]) writeFileSync(draft.pathOf(file), Buffer.alloc(200_000, tag));
    return facts;
  });
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

function wasKilled({ signal, output }: EndedProcess): boolean {
  return signal === "SIGKILL" && !output.includes("changes");
}
