import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { InvalidArgumentError, InvalidModelError, ModelExistsError, ModelNotFoundError } from "../errors/index.js";
import { Tag, type TagLike, type VersionedTag } from "../tag/index.js";
import type { ExportFormat, UnpackLimits } from "./archive/index.js";
import { completeDraft, expectFree, moveIntoStore, moveOutOfStore, syncFolders } from "./commit.js";
import { newestOf, readLatestFile, refreshLatestFile } from "./latest-version.js";
import { verifyFiles, type Verification } from "./manifest.js";
import { checkedDescription, infoOf, type ModelDescription } from "./model-description.js";
import { draftIn, type ModelDraft } from "./model-draft.js";
import { ModelFolders } from "./model-folders.js";
import { MODEL_YAML, type SavedFacts } from "./model-info.js";
import { modelNotFound } from "./model-not-found.js";
import { readModelYaml } from "./model-yaml.js";
import { StagingFolder, sweepStaging } from "./staging.js";
import { StoredModel } from "./stored-model.js";
import { VersionAliases, checkedAlias, type ModelAlias } from "./version-aliases.js";

/** A process that only looks models up never loads the code for archives. */
function loadArchives(): Promise<typeof import("./archive/index.js")> {
  return import("./archive/index.js");
}

/** How a store is opened. */
export interface ModelStoreOptions {
  /**
   * Text to the tag that `get` takes it for, as `model_aliases` of the Python original. It goes before models and aliases
   * that the store itself has; a Tag that is given to `get` is never replaced.
   */
  readonly aliases?: Readonly<Record<string, TagLike>>;
}

/**
 * Models on disk, in the layout of the Python original: `<root>/models/<name>/<version>/`. A save or an import becomes
 * visible in one step or not at all, whatever dies in between. `get`, `list`, `verify` and `export` never write into the
 * store, so a read-only disk will do for them.
 */
export class ModelStore {
  /** The store's folder, what `BENTOML_HOME` names; the models lie in its folder `models`. Absolute. */
  readonly root: string;
  readonly #folders: ModelFolders;
  readonly #aliases: ReadonlyMap<string, Tag>;

  /** Throws InvalidArgumentError for an alias that stands for no tag. */
  constructor(root: string, options: ModelStoreOptions = {}) {
    this.root = resolve(root);
    this.#aliases = new Map(Object.entries(options.aliases ?? {}).map(([text, tag]) => [text, Tag.from(tag)]));
    this.#folders = new ModelFolders(join(this.root, "models"));
  }

  /** The store of `BENTOML_HOME`, or else of `~/bentoml`. The variable is read at each call. */
  static default(options: ModelStoreOptions = {}): ModelStore {
    const home = process.env["BENTOML_HOME"];
    if (home === undefined || home === "") return new ModelStore(join(homedir(), "bentoml"), options);
    return new ModelStore(home === "~" || home.startsWith("~/") ? join(homedir(), home.slice(1)) : home, options);
  }

  /**
   * The model of a tag: an exact version; the newest for no version or `latest`; what an alias stands for; otherwise the
   * only version that begins so. Throws ModelNotFoundError that lists what is there, InvalidArgumentError when several
   * versions begin so, and InvalidModelError when the model.yaml cannot be used.
   */
  get(tag: TagLike): StoredModel {
    const wanted = (typeof tag === "string" ? this.#aliases.get(tag) : undefined) ?? Tag.from(tag);
    if (wanted.version === undefined || wanted.isLatest) return this.#latestOf(wanted);
    const exact = wanted as VersionedTag;
    const model = this.#folders.find(exact);
    if (model !== undefined) return model;
    const alias = this.#aliasesOf(exact.name).find(exact.version);
    if (alias !== undefined) return this.#modelOf(alias);
    const begun = this.#folders.versions(exact.name).filter((version) => version.startsWith(exact.version));
    if (begun.length > 1) {
      throw new InvalidArgumentError(`Several versions of ${exact.name} begin with "${exact.version}": ${begun.join(", ")}. Write one of them in full.`);
    }
    const only = begun[0] === undefined ? undefined : this.#folders.find(exact.withVersion(begun[0]));
    if (only !== undefined) return only;
    // The folder without a model.yaml: this says so.
    if (this.#folders.exists(exact)) return this.#folders.read(exact);
    throw this.#notFound(exact);
  }

  /**
   * All models, those of one name, or the one of a tag, sorted by name and version. A name without models throws
   * ModelNotFoundError, a version that is not there gives an empty list. Models that cannot be read are left out with a
   * process warning of the code `BENTOML_MODEL_UNREADABLE`.
   */
  list(name?: TagLike): StoredModel[] {
    if (name === undefined) return this.#folders.names().flatMap((each) => this.#folders.readAll(each));
    const wanted = Tag.from(name);
    const models = this.#folders.readAll(wanted.name);
    if (wanted.version === undefined) {
      if (models.length === 0) throw this.#notFound(wanted);
      return models;
    }
    const version = wanted.isLatest && models.length > 0 ? this.#latestOf(wanted).tag.version : wanted.version;
    return models.filter((model) => model.tag.version === version);
  }

  /**
   * Deletes one version (exact, or `latest`), or all of a name when no version is given, and answers what was deleted.
   * Each model vanishes in one step. A version whose model.yaml cannot be read is deleted too, but is not in the answer.
   * Throws ModelNotFoundError.
   */
  delete(tag: TagLike): StoredModel[] {
    const wanted = Tag.from(tag);
    const tags = this.#tagsToDelete(wanted);
    if (tags.length === 0) throw this.#notFound(wanted);
    const deleted = tags.flatMap((each) => this.#readIfUsable(each));
    this.#withStaging((staging) => {
      staging.noteName(wanted.name);
      for (const [index, each] of tags.entries()) {
        const graveyard = join(staging.path, String(index));
        mkdirSync(graveyard);
        moveOutOfStore(this.#folders.pathOf(each), graveyard);
      }
      this.#refreshLatest(wanted.name, staging);
    });
    return deleted;
  }

  /**
   * Gives a model one more version name, such as `digits:production`, or moves that name to another model. It stays with
   * that model until it is set again. Throws ModelNotFoundError when there is no such model, ModelExistsError when a model
   * has that tag itself, and InvalidArgumentError for `latest` and for an alias of another name than the model's.
   */
  setAlias(alias: TagLike, model: TagLike): ModelAlias {
    const { tag } = this.get(model);
    const wanted = checkedAlias(Tag.from(alias), tag);
    if (this.#folders.exists(wanted)) {
      throw new ModelExistsError(`${wanted.toString()} is a model, so it cannot stand for another one. Choose another alias.`);
    }
    this.#withStaging((staging) => this.#aliasesOf(tag.name).set(wanted.version, tag.version, staging.path));
    return { alias: wanted, tag };
  }

  /** Removes an alias; the model stays. Throws ModelNotFoundError when there is no such alias. */
  removeAlias(alias: TagLike): ModelAlias {
    const wanted = Tag.from(alias);
    const aliases = this.#aliasesOf(wanted.name);
    const found = wanted.version === undefined ? undefined : aliases.find(wanted.version);
    if (found === undefined) throw new ModelNotFoundError(`${wanted.toString()} is no alias in the store ${this.root}. See all with: bentoml models alias.`);
    aliases.remove(found.alias.version);
    return found;
  }

  /** The aliases that `setAlias` has set, sorted. Those of the option `aliases` are not among them. */
  aliases(): ModelAlias[] {
    return this.#folders.names().flatMap((name) => this.#aliasesOf(name).list());
  }

  /**
   * Saves a model: `write` puts its files into the draft and tells the facts; then it becomes visible in one step, and
   * `latest` points at the newest model of its name. Throws ModelExistsError when the tag is taken, also by a save that
   * ended a moment earlier. When anything throws, nothing is left behind.
   */
  async create(description: ModelDescription, write: (draft: ModelDraft) => Promise<SavedFacts>): Promise<StoredModel> {
    const tag = Tag.from(description.name).forNewModel();
    const checked = checkedDescription(tag, description);
    expectFree({ tag, path: this.#folders.pathOf(tag) });
    return this.#commitFrom(async (folder) => {
      const facts = await write(draftIn(folder));
      await completeDraft(folder, infoOf(checked, facts));
      return tag;
    });
  }

  /**
   * Compares the model's files with the checksums that were saved with it. Throws InvalidModelError that names the first
   * file that is missing, changed or added, and ModelNotFoundError when the model is deleted meanwhile.
   */
  async verify(tag: TagLike): Promise<Verification> {
    return this.#reading(tag, verifyFiles);
  }

  /**
   * Writes a model as an archive and answers the archive's path. Where `path` is a folder, or ends with a slash, the file
   * in it is called `<name>-<version>.bentomodel`. The ending decides the format unless `format` is given: `.bentomodel` is
   * a tar.xz that Python reads (stored, not compressed), `.tar.gz` is smaller, `.tar` plain; `folder` copies the files. A
   * file of that name is replaced, a folder that holds anything is not. Throws InvalidArgumentError for another format.
   */
  async export(tag: TagLike, path: string, options: { readonly format?: ExportFormat } = {}): Promise<string> {
    const { exportModel } = await loadArchives();
    return this.#reading(tag, (model) => exportModel(model, path, options.format));
  }

  /**
   * Takes a model from an archive (tar, plain or packed with xz or gzip, whatever its name) or from a folder. Links, devices
   * and paths that lead out of the model are refused, and so is what unpacks to more than the limits. Checksums are verified
   * where the model has them. Throws ModelExistsError when its tag is taken, InvalidModelError for what cannot be used.
   */
  async import(path: string, limits: Partial<UnpackLimits> = {}): Promise<StoredModel> {
    const { unpackArchive } = await loadArchives();
    return this.#commitFrom(async (folder) => {
      await unpackArchive(path, folder, limits);
      const { tag } = await this.#checkedImport(folder, path);
      await syncFolders(folder);
      return tag;
    });
  }

  async #checkedImport(folder: string, path: string): Promise<StoredModel> {
    let model: StoredModel;
    try {
      model = new StoredModel(folder, readModelYaml(join(folder, MODEL_YAML)));
      model.tag.forNewModel();
      await verifyFiles(model);
    } catch (cause) {
      throw new InvalidModelError(`${path} cannot be imported. ${(cause as Error).message.replaceAll(folder, path)}`, { cause });
    }
    expectFree({ tag: model.tag, path: this.#folders.pathOf(model.tag) });
    return model;
  }

  /** Lets `fill` make a complete model in a fresh folder, and moves that into the store. */
  async #commitFrom(fill: (folder: string) => Promise<VersionedTag>): Promise<StoredModel> {
    const abandoned = sweepStaging(this.root);
    const staging = new StagingFolder(this.root);
    try {
      const folder = join(staging.path, "model");
      mkdirSync(folder);
      const tag = await fill(folder);
      staging.noteName(tag.name);
      moveIntoStore(folder, { tag, path: this.#folders.pathOf(tag) });
      this.#refreshLatest(tag.name, staging);
      for (const { name, forget } of abandoned) {
        if (name !== tag.name) this.#refreshLatest(name, staging);
        forget();
      }
      return this.#folders.read(tag);
    } finally {
      staging.remove();
    }
  }

  #aliasesOf(name: string): VersionAliases {
    return new VersionAliases(name, this.#folders.nameFolder(name));
  }

  #modelOf({ alias, tag }: ModelAlias): StoredModel {
    const model = this.#folders.find(tag);
    if (model !== undefined) return model;
    throw new ModelNotFoundError(
      `${alias.toString()} is an alias of ${tag.toString()}, which is not in the store ${this.root} any more. ` +
        `Set it anew: bentoml models alias ${alias.toString()} ${alias.name}:latest`,
    );
  }

  #withStaging(work: (staging: StagingFolder) => void): void {
    const staging = new StagingFolder(this.root);
    try {
      work(staging);
    } finally {
      staging.remove();
    }
  }

  #refreshLatest(name: string, staging: StagingFolder): void {
    refreshLatestFile(this.#folders.nameFolder(name), () => this.#folders.readAll(name), staging.path);
  }

  #latestOf(wanted: Tag): StoredModel {
    const version = readLatestFile(this.#folders.nameFolder(wanted.name));
    const recorded = version === undefined ? undefined : this.#folders.find(wanted.withVersion(version));
    if (recorded !== undefined) return recorded;
    const newest = newestOf(this.#folders.readAll(wanted.name));
    if (newest === undefined) throw this.#notFound(wanted);
    return newest;
  }

  /** Works on the files of a model. When it is deleted meanwhile, the error says so, and not which file could not be read. */
  async #reading<Result>(tag: TagLike, work: (model: StoredModel) => Promise<Result>): Promise<Result> {
    const model = this.get(tag);
    try {
      return await work(model);
    } catch (error) {
      if (this.#folders.hasModel(model.tag)) throw error;
      throw this.#notFound(model.tag);
    }
  }

  #tagsToDelete(wanted: Tag): VersionedTag[] {
    if (wanted.version === undefined) return this.#folders.versions(wanted.name).map((version) => wanted.withVersion(version));
    if (wanted.isLatest) return [this.#latestOf(wanted).tag];
    return this.#folders.exists(wanted as VersionedTag) ? [wanted as VersionedTag] : [];
  }

  #readIfUsable(tag: VersionedTag): StoredModel[] {
    try {
      return [this.#folders.read(tag)];
    } catch {
      return [];
    }
  }

  #notFound(tag: Tag): ModelNotFoundError {
    return modelNotFound(tag, this.root, this.#folders);
  }
}
