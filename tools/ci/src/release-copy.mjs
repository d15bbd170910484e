import { cp, readFile, writeFile } from "node:fs/promises";
import { delimiter, join, relative, sep } from "node:path";
import { publishedPackages, repository } from "./repository.mjs";
import { outputOf } from "./run-command.mjs";

/** Folders that a release has no use for, or that are made anew. */
const leftOut = new Set(["node_modules", ".git", ".nx", ".bentoml", "coverage", "tmp", ".venv"]);

/** A checkout's copy, with what was built in it, in which versions are made and published as the release workflow does. */
export class ReleaseCopy {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    // The copy has no node_modules: what its scripts run is found here.
    const path = [join(repository, "node_modules", ".bin"), process.env["PATH"]].join(delimiter);
    this.variables = { PATH: path, GITHUB_REPOSITORY: "example/bentoml", GITHUB_SERVER_URL: "https://github.com" };
  }

  /** @param {string} folder One that is not there yet. */
  static async make(folder) {
    await cp(repository, folder, { recursive: true, filter: (path) => !relative(repository, path).split(sep).some((name) => leftOut.has(name)) });
    const copy = new ReleaseCopy(folder);
    // changesets asks git for the commits that added changesets, and tags what it publishes.
    await copy.git("init", "--quiet");
    await copy.#commit();
    return copy;
  }

  /** @param {...string} parameters */
  git(...parameters) {
    const identity = ["-c", "user.name=rehearsal", "-c", "user.email=rehearsal@example.com", "-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"];
    return outputOf("git", [...identity, ...parameters], { folder: this.folder });
  }

  /**
   * @param {string} name Of the package that has changed.
   * @param {"patch" | "minor"} kind
   */
  async addChangeset(name, kind) {
    await writeFile(join(this.folder, ".changeset", "rehearsal.md"), `---\n"${name}": ${kind}\n---\n\nA rehearsed ${kind}.\n`);
    await this.#commit();
  }

  /**
   * Makes the versions that the changesets ask for.
   *
   * @param {NodeJS.ProcessEnv} variables
   * @returns {Promise<string>} The version, which all packages have.
   */
  async makeVersions(variables) {
    await outputOf("npm", ["run", "release:version"], { folder: this.folder, variables: { ...variables, ...this.variables } });
    await this.#commit();
    const manifests = await this.manifests();
    const [{ version }] = /** @type {[{ version: string }]} */ (/** @type {unknown} */ (manifests));
    const others = manifests.filter((manifest) => manifest.version !== version);
    if (others.length > 0) throw new Error(`Released together, they have one version, ${version}; but ${others.map((other) => `${other.name} has ${other.version}`).join(", ")}.`);
    await this.#checkLockfile(version);
    return version;
  }

  /**
   * Publishes every package whose version is not on the registry.
   *
   * @param {NodeJS.ProcessEnv} variables Those of a registry.
   * @returns {Promise<string>} What was printed.
   */
  async publish(variables) {
    await this.#dropProvenance();
    return outputOf("npm", ["run", "release:publish"], { folder: this.folder, variables: { ...variables, ...this.variables }, limitSeconds: 300 });
  }

  /** @returns {Promise<import("./local-registry.mjs").PublishedManifest[]>} */
  manifests() {
    return Promise.all(publishedPackages.map(async (name) => JSON.parse(await readFile(this.#manifestPath(name), "utf8"))));
  }

  /** Provenance is signed by a service outside, for a workflow of GitHub: here it can only be checked that every package asks for it. */
  async #dropProvenance() {
    for (const name of publishedPackages) {
      const manifest = JSON.parse(await readFile(this.#manifestPath(name), "utf8"));
      delete manifest.publishConfig.provenance;
      await writeFile(this.#manifestPath(name), `${JSON.stringify(manifest, undefined, 2)}\n`);
    }
  }

  /** @param {string} version */
  async #checkLockfile(version) {
    const { packages } = JSON.parse(await readFile(join(this.folder, "package-lock.json"), "utf8"));
    const old = publishedPackages.filter((name) => packages[`packages/${name}`].version !== version);
    if (old.length > 0) throw new Error(`package-lock.json has other versions of ${old.join(", ")} than ${version}: the next npm ci would fail.`);
  }

  async #commit() {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--allow-empty", "--no-verify", "--message", "rehearsal");
  }

  /** @param {string} name */
  #manifestPath(name) {
    return join(this.folder, "packages", name, "package.json");
  }
}
