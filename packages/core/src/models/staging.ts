import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isTagPart } from "./model-folders.js";
import { isNotWritable, notWritable } from "./not-writable.js";
import { isAlive, ownIdentity, type ProcessIdentity } from "./process-identity.js";

const PREFIX = "bentoml-js";
const OLDEST_MS = 24 * 60 * 60 * 1000;
/** Inside a staging folder: the name of the model whose `latest` file the work touches. */
const NAME_FILE = "model-name";

/** A folder for unfinished work on a store, on the same disk as its models, which a later process can tell from a dead one's. */
export class StagingFolder {
  readonly path: string;
  readonly #parent: string;

  /** Throws a BentoMLError of the code `STORE_NOT_WRITABLE`. */
  constructor(root: string) {
    const { pid, start, machine } = ownIdentity();
    try {
      this.#parent = parentFor(root);
      mkdirSync(this.#parent, { recursive: true });
      this.path = mkdtempSync(join(this.#parent, `${PREFIX}-${pid}-${start}-${machine}-`));
    } catch (cause) {
      throw notWritable(root, cause);
    }
  }

  /** Notes the model that is about to be committed, so that a sweep can mend its `latest` file if this process dies. */
  noteName(name: string): void {
    writeFileSync(join(this.path, NAME_FILE), name);
  }

  /** Removes the folder and all that is left in it; never throws, a sweep takes what could not be removed. */
  remove(): void {
    removeQuietly(this.path);
    if (this.#parent.endsWith(FALLBACK_PARENT)) removeIfEmpty(this.#parent);
  }
}

/**
 * `tmp` beside `models`, which the Python original has as well: it lists every folder in `models` and fails on a name that
 * is no tag. Only when `models` is a disk of its own, where a rename from `tmp` would fail, or the only folder that can be
 * written to, the work is done inside it.
 */
const FALLBACK_PARENT = ".bentoml-js-tmp";

function parentFor(root: string): string {
  const models = join(root, "models");
  mkdirSync(models, { recursive: true });
  const outside = join(root, "tmp");
  try {
    mkdirSync(outside, { recursive: true });
  } catch (error) {
    if (!isNotWritable(error)) throw error;
    return join(models, FALLBACK_PARENT);
  }
  return statSync(outside).dev === statSync(models).dev ? outside : join(models, FALLBACK_PARENT);
}

/** What is left of a dead process's staging folder: the name whose `latest` file it may have left behind the times. */
export interface AbandonedWork {
  readonly name: string;
  /** To be called when the `latest` file is right again; until then the next sweep tells the name once more. Never throws. */
  readonly forget: () => void;
}

/**
 * Removes staging folders of processes that are gone, and those older than a day. Of those that tell a name only the name
 * stays, until it is forgotten: this process may die too before it has mended what the other one left. Never throws.
 */
export function sweepStaging(root: string): AbandonedWork[] {
  const works: AbandonedWork[] = [];
  for (const parent of [join(root, "tmp"), join(root, "models", FALLBACK_PARENT)]) {
    for (const { path, owner } of stagingFoldersIn(parent)) {
      if (!isAbandoned(path, owner)) continue;
      const name = readQuietly(join(path, NAME_FILE));
      if (name === undefined || !isTagPart(name)) {
        removeQuietly(path);
        continue;
      }
      for (const entry of entriesOf(path)) if (entry !== NAME_FILE) removeQuietly(join(path, entry));
      works.push({ name, forget: () => removeQuietly(path) });
    }
  }
  return works;
}

function stagingFoldersIn(parent: string): { path: string; owner: ProcessIdentity }[] {
  return entriesOf(parent).flatMap((entry) => {
    const match = /^bentoml-js-(\d+)-(\d+)-([0-9a-f]{8})-/.exec(entry);
    if (match === null) return [];
    return [{ path: join(parent, entry), owner: { pid: Number(match[1]), start: match[2]!, machine: match[3]! } }];
  });
}

function isAbandoned(path: string, owner: ProcessIdentity): boolean {
  if (isAlive(owner) === false) return true;
  try {
    return new Date().getTime() - statSync(path).mtimeMs > OLDEST_MS;
  } catch {
    return false;
  }
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readQuietly(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // Left for a sweep.
  }
}

function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Another save works in it.
  }
}
