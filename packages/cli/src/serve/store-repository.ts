import { InvalidArgumentError, InvalidModelError, NotFoundError, type ModelStore, type RunnerOptions } from "bentoml-core";
import type { ModelRepository, RepositoryEntry, ServedModel } from "bentoml-server";
import { errorLine } from "../error-line.js";
import type { EventLog } from "./event-log.js";
import { openModels } from "./open-models.js";

/** The models of a store, for a server that loads and unloads them while it runs. */
export class StoreRepository implements ModelRepository {
  constructor(
    private readonly store: ModelStore,
    private readonly options: RunnerOptions,
    private readonly workingFolder: string,
    private readonly log: EventLog,
  ) {}

  async list(): Promise<readonly RepositoryEntry[]> {
    return this.store.list().map(({ tag: { name, version } }) => ({ name, version }));
  }

  /** The newest version of a name, or the one of a tag such as `digits:v2`. */
  async open(name: string): Promise<ServedModel> {
    try {
      const [model] = await openModels([name], this.store, this.options, this.workingFolder);
      return (model as NonNullable<typeof model>).served;
    } catch (error) {
      throw this.#forClients(name, error);
    }
  }

  /** Our messages are made for whoever runs the server, and name its folders: those go to the log. */
  #forClients(name: string, error: unknown): unknown {
    if (error instanceof NotFoundError) return new NotFoundError(`there is no model "${name.slice(0, 80)}" in the store of this server`);
    if (error instanceof InvalidArgumentError) return error;
    this.log.warn(`${name} cannot be loaded: ${errorLine(error)}`);
    return new InvalidModelError(`the model "${name.slice(0, 80)}" cannot be opened: the server's log says why`, { httpStatus: 400 });
  }
}
