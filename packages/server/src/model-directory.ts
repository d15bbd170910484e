import { InvalidArgumentError, NotFoundError } from "bentoml-core";
import { methodOf, type ServableRunner, type ServedModel } from "./served-model.js";

/** The models of a server by name and version. The first one given of a name answers where no version is asked for. */
export class ModelDirectory {
  readonly models: readonly ServedModel[];
  readonly #versionsByName: ReadonlyMap<string, readonly ServedModel[]>;

  constructor(models: readonly ServedModel[]) {
    const byName = new Map<string, ServedModel[]>();
    for (const model of models) {
      const versions = byName.get(model.name) ?? [];
      if (versions.some(({ version }) => version === model.version)) {
        throw new InvalidArgumentError(`model ${model.name}:${model.version} is given twice: serve each version once`);
      }
      methodOf(model.runner, model.method);
      byName.set(model.name, [...versions, model]);
    }
    this.models = models;
    this.#versionsByName = byName;
  }

  /** Each runner once, also when it serves several models. */
  get runners(): readonly ServableRunner[] {
    return [...new Set(this.models.map(({ runner }) => runner))];
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
    const names = [...this.#versionsByName.keys()].join(", ") || "none";
    throw new NotFoundError(`there is no model "${shortened(name)}" on this server, its models are: ${names}`);
  }

  find(name: string, version: string | undefined): ServedModel | undefined {
    const versions = this.#versionsByName.get(name);
    return version === undefined ? versions?.[0] : versions?.find((model) => model.version === version);
  }
}

function shortened(name: string): string {
  return name.length <= 80 ? name : `${name.slice(0, 80)}...`;
}
