import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { InvalidArgumentError } from "../errors/index.js";
import { Tag, type VersionedTag } from "../tag/index.js";
import { replaceFile } from "./durable-files.js";
import { isTagPart } from "./model-folders.js";
import { isNotWritable, notWritable } from "./not-writable.js";
import { readVersionFile } from "./version-file.js";

/** No tag may begin with it, so that no version's folder is ever in the way. Python ignores files beside the versions. */
const PREFIX = "@";

/** A version name that a person gave, such as `digits:production`, and the model that it stands for. */
export interface ModelAlias {
  /** The alias, as a tag whose version is the given name. */
  readonly alias: VersionedTag;
  /** The model's tag. The model may have been deleted meanwhile. */
  readonly tag: VersionedTag;
}

/**
 * The aliases of one name's models: each a small file beside `latest`, called `@production` and holding a version. As each
 * has a file of its own, two processes that set different ones do not meet.
 */
export class VersionAliases {
  readonly #name: string;
  readonly #folder: string;

  constructor(name: string, nameFolder: string) {
    this.#name = name;
    this.#folder = nameFolder;
  }

  /** Sorted. A file that holds no version is left out. */
  list(): ModelAlias[] {
    return this.#names().flatMap((name) => this.find(name) ?? []);
  }

  /** `undefined` when there is no such alias. */
  find(name: string): ModelAlias | undefined {
    const version = readVersionFile(this.#fileOf(name));
    if (version === undefined) return undefined;
    return { alias: this.#tagOf(name), tag: this.#tagOf(version) };
  }

  /**
   * Sets or moves an alias in one step, by way of a folder on the same disk. Throws a BentoMLError of the code
   * `STORE_NOT_WRITABLE`, as `remove` does.
   */
  set(name: string, version: string, stagingFolder: string): void {
    this.#change(() => replaceFile(this.#fileOf(name), version, stagingFolder));
  }

  remove(name: string): void {
    this.#change(() => rmSync(this.#fileOf(name), { force: true }));
  }

  /** Removes all aliases when nothing else is left beside them. */
  removeWithLastModel(): void {
    const entries = entriesOf(this.#folder);
    if (!entries.every(isAlias)) return;
    for (const entry of entries) rmSync(join(this.#folder, entry), { force: true });
  }

  #change(work: () => void): void {
    try {
      work();
    } catch (error) {
      throw isNotWritable(error) ? notWritable(this.#folder, error) : error;
    }
  }

  #names(): string[] {
    return entriesOf(this.#folder).filter(isAlias).map((entry) => entry.slice(PREFIX.length)).sort();
  }

  #fileOf(name: string): string {
    return join(this.#folder, PREFIX + name);
  }

  #tagOf(version: string): VersionedTag {
    return new Tag(this.#name, version) as VersionedTag;
  }
}

/** Throws InvalidArgumentError for what cannot be an alias of that model. */
export function checkedAlias(alias: Tag, model: VersionedTag): VersionedTag {
  const { name, version } = alias;
  if (version !== undefined && !alias.isLatest && name === model.name) return alias as VersionedTag;
  throw new InvalidArgumentError(
    `${alias.toString()} cannot be an alias of ${model.toString()}: it must be "${model.name}:" and a word other than "latest", such as ${model.name}:production.`,
  );
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isAlias(entry: string): boolean {
  return entry.startsWith(PREFIX) && isTagPart(entry.slice(PREFIX.length));
}
