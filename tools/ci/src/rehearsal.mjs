import { cp } from "node:fs/promises";
import { join } from "node:path";
import { writeTranscript } from "./adapter-transcript.mjs";
import { publishedPackument } from "./local-registry.mjs";
import { onNode } from "./node-versions.mjs";
import { faultsOf } from "./published-manifest.mjs";
import { checkTarball, sizeTable } from "./published-tarball.mjs";
import { ReleaseCopy } from "./release-copy.mjs";
import { repository } from "./repository.mjs";
import { outputOf } from "./run-command.mjs";
import { TypedProject } from "./typescript-users.mjs";
import { UserProject } from "./user-project.mjs";

/** @typedef {import("./local-registry.mjs").PublishedManifest} PublishedManifest */

/** What a user types; core and the server come by themselves. */
const wanted = ["bentoml-onnx", "bentoml", "onnxruntime-node"];

/** Releases to a registry, and what users then do with it; each a step of a report. */
export class Rehearsal {
  #report;
  #folder;
  #registry;
  /** @type {Map<string, UserProject>} */
  #projects = new Map();
  /** @type {ReleaseCopy | undefined} */
  #copy;
  /** @type {readonly PublishedManifest[]} */
  #committed = [];
  #version = "";
  #pnpm = "";

  /**
   * @param {import("./step-report.mjs").StepReport} report
   * @param {string} folder
   * @param {import("./local-registry.mjs").LocalRegistry} registry
   */
  constructor(report, folder, registry) {
    this.#report = report;
    this.#folder = folder;
    this.#registry = registry;
  }

  /** Releases what the checkout's changesets ask for. Resolves to whether that went well. */
  async release() {
    const isVersioned = await this.#step("the changesets give all packages one version", async () => {
      this.#copy = await ReleaseCopy.make(join(this.#folder, "copy"));
      this.#committed = await this.#copy.manifests();
      await this.#makeVersions();
    });
    return isVersioned && (await this.#publish());
  }

  /**
   * Releases a change of core.
   *
   * @param {"patch" | "minor"} kind
   */
  async releaseChange(kind) {
    const isVersioned = await this.#step(`a ${kind} of core gives all packages a new version`, async () => {
      await this.#copy?.addChangeset("bentoml-core", kind);
      await this.#makeVersions();
    });
    return isVersioned && (await this.#publish());
  }

  /**
   * Installs by name with npm and with pnpm, and uses what is there.
   *
   * @param {number} major
   * @param {string} node
   */
  async install(major, node) {
    this.#pnpm ||= await this.#installPnpm();
    for (const [name, installer] of /** @type {const} */ ([["npm", ["npm"]], ["pnpm", [node, this.#pnpm]]])) {
      const project = new UserProject(join(this.#folder, `${name}-${major}`), node, installer, this.#registry.variables);
      const where = `${name} on Node.js ${major}`;
      const isInstalled = await this.#step(`install by name, ${where}`, async () => {
        await project.make();
        await project.manage(name === "npm" ? "install" : "add", ...wanted);
        await project.expectVersion(this.#version);
      });
      if (!isInstalled) continue;
      this.#projects.set(where, project);
      await this.#step(`README's example by import and by require, ${where}`, () => project.runExample());
      await this.#step(`npx bentoml serve, ${where}`, () => project.serve(this.#version));
    }
  }

  /**
   * As most people install: with install scripts, and the variable that README tells of.
   *
   * @param {string} node
   */
  async installWithScripts(node) {
    await this.#step("install by name with install scripts, npm", async () => {
      const variables = { ...this.#registry.variables, npm_config_ignore_scripts: "false", ONNXRUNTIME_NODE_INSTALL: "skip" };
      const project = new UserProject(join(this.#folder, "with-scripts"), node, ["npm"], variables);
      await project.make();
      console.log(await project.manage("install", "--foreground-scripts", ...wanted));
      await project.runExample();
    });
  }

  /**
   * @param {typeof import("./typescript-users.mjs").typedNames} packages
   * @param {readonly string[]} compilers Versions of TypeScript.
   * @param {string} node
   */
  async compile(packages, compilers, node) {
    const project = new TypedProject(join(this.#folder, "typed"), node, this.#registry.variables);
    const isMade = await this.#step("a project in TypeScript", () => project.make(packages, compilers));
    if (!isMade) return;
    for (const version of compilers) await this.#step(`TypeScript ${version}`, async () => console.log((await project.compile(version)).join("; ")));
  }

  /** @param {string} node */
  async addAdapter(node) {
    await this.#step("an adapter, from nothing to an answer over HTTP", () => writeTranscript(join(this.#folder, "transcript"), node, this.#registry.variables));
    await this.#step("the adapter of docs/write-an-adapter.md keeps the contract outside of the workspace", () => this.#testExample(node));
  }

  /** @param {string} node */
  async #testExample(node) {
    const folder = join(this.#folder, "community-adapter");
    await cp(join(repository, "docs", "examples", "community-adapter"), folder, { recursive: true });
    const variables = onNode(node, this.#registry.variables);
    for (const parameters of [["install", "--no-audit", "--no-fund"], ["test"]]) await outputOf("npm", parameters, { folder, variables });
  }

  /**
   * Takes the patch in the projects of a Node.js, as their ranges allow.
   *
   * @param {number} major
   */
  async update(major) {
    for (const name of ["npm", "pnpm"]) {
      await this.#change(`${name} update`, `${name} on Node.js ${major}`, (project) => project.manage("update"));
    }
  }

  /**
   * Takes the minor version there, which has to be asked for: first the command alone, then the adapter.
   *
   * @param {number} major
   */
  async upgrade(major) {
    await this.#step("npm install bentoml@latest beside an older adapter", async () => {
      const project = this.#project(`npm on Node.js ${major}`);
      await project.manage("install", "bentoml@latest");
      const { "bentoml-onnx": older, ...others } = await project.versions();
      if (older === this.#version || Object.values(others).some((version) => version !== this.#version)) throw new Error(`Installed are bentoml-onnx ${older} and ${JSON.stringify(others)}.`);
      await project.runExample();
    });
    for (const [name, command] of /** @type {const} */ ([["npm", "install"], ["pnpm", "add"]])) {
      await this.#change(`${name} ${command} of @latest`, `${name} on Node.js ${major}`, (project) => project.manage(command, "bentoml@latest", "bentoml-onnx@latest"));
    }
  }

  /**
   * @param {string} name
   * @param {string} where
   * @param {(project: UserProject) => Promise<unknown>} change
   */
  #change(name, where, change) {
    return this.#step(`${name} brings the new version, and it runs`, async () => {
      const project = this.#project(where);
      await change(project);
      await project.expectVersion(this.#version);
      await project.runExample();
      await project.serve(this.#version);
    });
  }

  /** @param {string} where */
  #project(where) {
    const project = this.#projects.get(where);
    if (project === undefined) throw new Error(`Nothing was installed by ${where}.`);
    return project;
  }

  async #makeVersions() {
    const before = this.#version;
    this.#version = (await this.#copy?.makeVersions(this.#registry.variables)) ?? "";
    if (this.#version === before) throw new Error(`The version is ${before} still.`);
    console.log(this.#version);
  }

  async #publish() {
    const isPublished = await this.#step(`version ${this.#version} is published`, async () => {
      await this.#copy?.publish(this.#registry.variables);
      await this.#checkManifests();
    });
    if (isPublished) await this.#step(`tarballs of ${this.#version}`, async () => console.log(sizeTable(await this.#sizes())));
    return isPublished;
  }

  async #checkManifests() {
    const names = this.#committed.map(({ name }) => name);
    const faults = await Promise.all(
      this.#committed.map(async (committed) => {
        const { "dist-tags": tags } = await publishedPackument(this.#registry, committed.name);
        if (tags.latest !== this.#version) return [`${committed.name}@latest is ${tags.latest}, and ${this.#version} was expected.`];
        return faultsOf(await this.#manifest(committed.name), committed, this.#version, names);
      }),
    );
    if (faults.flat().length > 0) throw new Error(faults.flat().join("\n"));
  }

  async #sizes() {
    const folder = join(this.#folder, "tarballs", this.#version);
    return Promise.all(this.#committed.map(async ({ name }) => checkTarball(await this.#manifest(name), folder)));
  }

  /** @param {string} name */
  async #manifest(name) {
    const { versions } = await publishedPackument(this.#registry, name);
    return /** @type {PublishedManifest} */ (versions[this.#version]);
  }

  async #installPnpm() {
    const folder = join(this.#folder, "pnpm");
    await outputOf("npm", ["install", "--prefix", folder, "pnpm@10"], { variables: this.#registry.variables });
    return join(folder, "node_modules", "pnpm", "bin", "pnpm.cjs");
  }

  /**
   * @param {string} name
   * @param {() => Promise<unknown>} run
   */
  #step(name, run) {
    return this.#report.step(name, async () => {
      await run();
      return 0;
    });
  }
}
