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

/**
 * Removes staging folders of processes that are gone, and those older than a day. Answers the names of models whose
 * `latest` file a dead process may have left behind the times. Never throws.
 */
export function sweepStaging(root: string): string[] {
  const names: string[] = [];
  for (const parent of [join(root, "tmp"), join(root, "models", FALLBACK_PARENT)]) {
    for (const folder of stagingFoldersIn(parent)) {
      if (!isAbandoned(folder.path, folder.owner)) continue;
      const name = readQuietly(join(folder.path, NAME_FILE));
      if (name !== undefined && isTagPart(name)) names.push(name);
      removeQuietly(folder.path);
    }
  }
  return names;
}

function stagingFoldersIn(parent: string): { path: string; owner: ProcessIdentity }[] {
  let entries: string[];
  try {
    entries = readdirSync(parent);
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
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
