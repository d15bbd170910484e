import type { ServedModel } from "../served-model.js";

/** A model that can be loaded, whether or not it is served now. */
export interface RepositoryEntry {
  /** The name in the protocol's paths. */
  readonly name: string;
  /** The version in the protocol's paths. */
  readonly version: string;
}

/** Where a server finds models that it is told to load while it runs. */
export interface ModelRepository {
  /** All that is there, in no particular order. */
  list(): Promise<readonly RepositoryEntry[]>;
  /**
   * What is to be served when a client asks for `name`, with runners of its own that are not started yet. The server starts them, and
   * destroys them when they are replaced or unloaded. Throws a NotFoundError for a name that is not there. The messages of our own
   * errors go to the client: they should not tell of the host's folders.
   */
  open(name: string): Promise<ServedModel>;
}
