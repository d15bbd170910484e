import { randomBytes } from "node:crypto";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { repository } from "./repository.mjs";
import { outputOf } from "./run-command.mjs";
import { withServer } from "./started-server.mjs";

/**
 * @typedef {object} LocalRegistry
 * @property {string} url
 * @property {NodeJS.ProcessEnv} variables What makes npm, npx and pnpm use it: as a user of it who may publish, with caches in the folder,
 *   and without the configuration of whoever runs this. Install scripts are off.
 */

/**
 * Starts a registry on this machine. Of our packages, and of adapters, it has what is published to it; for others it sends clients on to the
 * registry that npm is configured with. Calls `use`, then stops it.
 *
 * @template Result
 * @param {string} folder An empty one, for what it installs and stores.
 * @param {string} node A Node.js that verdaccio runs on: 22 or newer.
 * @param {(registry: LocalRegistry) => Promise<Result>} use
 * @returns {Promise<Result>}
 */
export async function withLocalRegistry(folder, node, use) {
  const home = join(folder, "server");
  await cp(join(repository, "tools", "ci", "registry"), home, { recursive: true });
  await outputOf("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { folder: home });
  const upstream = await outputOf("npm", ["config", "get", "registry"], { folder: home });
  const file = join(folder, "registry.yaml");
  // JSON is YAML too.
  await writeFile(file, JSON.stringify(configuration(folder)));
  return withServer([node, join(home, "start.mjs"), file, `${upstream.replace(/\/$/, "")}/`], { folder }, async (url) => use({ url, variables: await userOf(url, folder) }));
}

/** @param {string} folder */
function configuration(folder) {
  return {
    storage: join(folder, "storage"),
    auth: { htpasswd: { file: join(folder, "users"), max_users: 1 } },
    web: { enable: false },
    packages: { "**": { access: "$all", publish: "$authenticated" } },
    max_body_size: "100mb",
    log: { type: "stdout", format: "json", level: "error" },
  };
}

/**
 * @param {string} url
 * @param {string} folder
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
async function userOf(url, folder) {
  const user = { name: "rehearsal", password: randomBytes(16).toString("hex") };
  const response = await fetch(`${url}/-/user/org.couchdb.user:${user.name}`, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(user),
  });
  const { token } = /** @type {{ token?: string }} */ (await response.json());
  if (token === undefined) throw new Error(`The registry made no user: it answered with ${response.status}.`);
  const userConfiguration = join(folder, "npmrc");
  await writeFile(userConfiguration, `//${new URL(url).host}/:_authToken=${token}\n`);
  return {
    npm_config_registry: url,
    NPM_CONFIG_REGISTRY: url,
    npm_config_userconfig: userConfiguration,
    NPM_CONFIG_USERCONFIG: userConfiguration,
    npm_config_cache: join(folder, "npm-cache"),
    npm_config_ignore_scripts: "true",
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_yes: "true",
    // Where pnpm keeps its store and what it has read of the registry.
    PNPM_HOME: undefined,
    XDG_DATA_HOME: join(folder, "data"),
    XDG_CACHE_HOME: join(folder, "cache"),
    XDG_STATE_HOME: join(folder, "state"),
  };
}

/**
 * What the registry has of a package of ours.
 *
 * @param {LocalRegistry} registry
 * @param {string} name
 * @returns {Promise<{ "dist-tags": Record<string, string>, versions: Record<string, PublishedManifest> }>}
 */
export async function publishedPackument({ url }, name) {
  const response = await fetch(`${url}/${name}`);
  if (response.status !== 200) throw new Error(`The registry was asked for ${name} and answered with ${response.status}.`);
  return /** @type {any} */ (await response.json());
}

/**
 * @typedef {object} PublishedManifest
 * @property {string} name
 * @property {string} version
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [peerDependencies]
 * @property {{ access?: string, provenance?: boolean }} [publishConfig]
 * @property {{ url: string, directory: string }} [repository]
 * @property {{ tarball: string }} dist
 */

