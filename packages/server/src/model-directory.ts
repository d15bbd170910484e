import { InvalidArgumentError, NotFoundError } from "bentoml-core";
import type { Probed } from "./readiness.js";
import { methodOf, type ServableRunner, type ServedModel } from "./served-model.js";

/** The models of a server by name and version. The first one of a name answers where no version is asked for. */
export class ModelDirectory {
  readonly #versionsByName: Map<string, readonly ServedModel[]> = new Map();
  readonly #listeners: (() => void)[] = [];
  readonly #otherRunners: readonly ServableRunner[];

  /** @param otherRunners those that are used without being models here, or besides. */
  constructor(models: readonly ServedModel[], otherRunners: readonly ServableRunner[] = []) {
    this.#otherRunners = otherRunners;
    for (const { name } of models) this.#versionsByName.set(name, []);
    for (const name of this.names) this.#versionsByName.set(name, checkedVersions(models.filter((model) => model.name === name)));
  }

  get names(): readonly string[] {
    return [...this.#versionsByName.keys()];
  }

  get models(): readonly ServedModel[] {
    return [...this.#versionsByName.values()].flat();
  }

  /** From now on these versions answer for the name; none of them take it off. Answers those that did until now. */
  replace(name: string, models: readonly ServedModel[]): readonly ServedModel[] {
    const versions = checkedVersions(models);
    const before = this.#versionsByName.get(name) ?? [];
    if (versions.length === 0) this.#versionsByName.delete(name);
    else this.#versionsByName.set(name, versions);
    for (const listener of this.#listeners) listener();
    return before;
  }

  /** Calls `listener` after each change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Each runner once, also when it serves several models, and those that serve none. */
  get runners(): readonly ServableRunner[] {
    return [...new Set([...this.models.map(({ runner }) => runner), ...this.#otherRunners])];
  }

  /** What has to be ready: the models, and the runners that serve none. */
  get probed(): readonly Probed[] {
    const models = this.models;
    const others = this.#otherRunners.filter((runner) => !models.some((model) => model.runner === runner));
    return [...models, ...others.map((runner) => ({ name: runner.name, runner }))];
  }

  /** Versions of a name, the one that answers without a version first. */
  versionsOf(name: string): readonly string[] {
    return (this.#versionsByName.get(name) ?? []).map(({ version }) => version);
  }

  /** Throws NotFoundError (404). */
  get(name: string, version: string | undefined): ServedModel {
    const model = this.find(name, version);
    if (model !== undefined) return model;
    const versions = this.versionsOf(name);
    if (versions.length > 0) {
      throw new NotFoundError(`model "${shortened(name)}" has no version "${shortened(version ?? "")}" here, it has ${versions.join(", ")}`);
    }
    const names = this.names.join(", ") || "none";
    throw new NotFoundError(`there is no model "${shortened(name)}" on this server, its models are: ${names}`);
  }

  find(name: string, version: string | undefined): ServedModel | undefined {
    const versions = this.#versionsByName.get(name);
    return version === undefined ? versions?.[0] : versions?.find((model) => model.version === version);
  }
}

function checkedVersions(models: readonly ServedModel[]): readonly ServedModel[] {
  for (const [index, model] of models.entries()) {
    if (models.findIndex(({ version }) => version === model.version) !== index) {
      throw new InvalidArgumentError(`model ${model.name}:${model.version} is given twice: serve each version once`);
    }
    methodOf(model.runner, model.method);
  }
  return models;
}

function shortened(name: string): string {
  return name.length <= 80 ? name : `${name.slice(0, 80)}...`;
}
