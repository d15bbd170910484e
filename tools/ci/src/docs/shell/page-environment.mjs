import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { repository } from "../../repository.mjs";

/** @typedef {{ project: string, servers: string, port: string }} PageEnvironment A page's folder, where its servers are written down, and the port of those that name none. */

/**
 * @param {PageEnvironment & { store: string, tritonPort: string }} page
 * @returns {NodeJS.ProcessEnv} What the code of a page finds in its environment.
 */
export function variablesOf({ project, servers, port, store, tritonPort }) {
  return {
    BENTOML_HOME: store,
    BENTOML_CONFIG: undefined,
    BENTOML_CONFIG_OPTIONS: undefined,
    REPOSITORY: repository,
    DOCS_SHELL: dirname(fileURLToPath(import.meta.url)),
    DOCS_PROJECT: project,
    DOCS_SERVERS: servers,
    DOCS_PORT: port,
    DOCS_TRITON_PORT: tritonPort,
  };
}

/**
 * @param {NodeJS.ProcessEnv} variables
 * @returns {PageEnvironment}
 */
export function environmentOf({ DOCS_PROJECT: project, DOCS_SERVERS: servers, DOCS_PORT: port }) {
  if (project === undefined || servers === undefined || port === undefined) throw new Error("This runs in a block of code of the docs only: node tools/ci/docs.mjs.");
  return { project, servers, port };
}
