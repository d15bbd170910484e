import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { checkDigits, digitsModel } from "./digits.mjs";
import { onNode } from "./node-versions.mjs";
import { asModule, asScript, firstExample } from "./readme-example.mjs";
import { repository } from "./repository.mjs";
import { outputOf } from "./run-command.mjs";
import { withServer } from "./started-server.mjs";

/** @typedef {"npm" | "pnpm"} Installer */

/** An empty project of a user, who has one Node.js and one installer, and knows packages by their names. */
export class UserProject {
  /** @type {{ folder: string, variables: NodeJS.ProcessEnv, limitSeconds: number }} */
  #where;
  /** @type {string} */
  #node;
  /** @type {readonly [string, ...string[]]} */
  #installer;

  /**
   * @param {string} folder
   * @param {string} node
   * @param {readonly [string, ...string[]]} installer The command line of npm or pnpm.
   * @param {NodeJS.ProcessEnv} variables Those of a registry.
   */
  constructor(folder, node, installer, variables) {
    this.folder = folder;
    this.#node = node;
    this.#installer = installer;
    this.#where = { folder, variables: onNode(node, { ...variables, BENTOML_HOME: join(folder, "store") }), limitSeconds: 300 };
  }

  /** Makes the folder, with a manifest that has no dependencies, and the digits model's file. */
  async make() {
    await mkdir(this.folder, { recursive: true });
    await writeFile(join(this.folder, "package.json"), JSON.stringify({ name: "a-project", private: true }));
    await copyFile(digitsModel, join(this.folder, "digits.onnx"));
  }

  /** @param {...string} parameters Of the installer, such as `"install", "bentoml"`. */
  manage(...parameters) {
    const [command, ...first] = this.#installer;
    return outputOf(command, [...first, ...parameters], this.#where);
  }

  /** @param {...string} parameters */
  node(...parameters) {
    return outputOf(this.#node, parameters, this.#where);
  }

  /** @param {...string} parameters Of the command that the project has installed. */
  bentoml(...parameters) {
    return outputOf("npx", ["bentoml", ...parameters], this.#where);
  }

  /**
   * Runs a program of the project's own.
   *
   * @param {string} file
   * @param {string} code
   */
  async run(file, code) {
    await writeFile(join(this.folder, file), code);
    return this.node(file);
  }

  /** Brings the model into the store, and runs README's example on it as an ES module and as a CommonJS script. */
  async runExample() {
    const example = await readmeExample();
    await this.bentoml("models", "import", "digits.onnx", "--name", "digits");
    const printed = [await this.run("example.mjs", asModule(example)), await this.run("example.cjs", asScript(example))];
    const wrong = printed.find((text) => !text.startsWith("[ 1, 10 ] float32"));
    if (wrong !== undefined) throw new Error(`README's example printed ${wrong}`);
  }

  /**
   * Serves the model by the command, and asks for digits.
   *
   * @param {string} version What the server should say that it is.
   */
  serve(version) {
    return withServer(["npx", "bentoml", "serve", "digits:latest", "--port", "0"], this.#where, async (url) => {
      await checkDigits(url, "digits");
      const response = await fetch(`${url}/v2`);
      const { version: told } = /** @type {{ version: string }} */ (await response.json());
      if (told !== version) throw new Error(`The server says that it is version ${told}, and ${version} was expected.`);
    });
  }

  /**
   * The versions of our packages that are installed, also those that only another package of ours brought.
   *
   * @returns {Promise<Record<string, string>>}
   */
  async versions() {
    const code = `
      import { createRequire } from "node:module";
      const here = createRequire(import.meta.url);
      const command = createRequire(here.resolve("bentoml"));
      const version = (name, require) => require(name + "/package.json").version;
      const found = { bentoml: version("bentoml", here), "bentoml-onnx": version("bentoml-onnx", here) };
      for (const name of ["bentoml-core", "bentoml-server"]) found[name] = version(name, command);
      const copies = new Set([command, createRequire(here.resolve("bentoml-onnx"))].map((require) => require.resolve("bentoml-core")));
      if (copies.size > 1) throw new Error("There are two copies of bentoml-core: " + [...copies].join(", "));
      console.log(JSON.stringify(found));`;
    return JSON.parse(await this.run("versions.mjs", code));
  }

  /**
   * @param {string} version
   * @throws When one of our packages has another one.
   */
  async expectVersion(version) {
    const versions = await this.versions();
    const told = await this.bentoml("--version");
    if (told !== version) throw new Error(`bentoml --version prints ${told}, and ${version} was expected.`);
    const others = Object.entries(versions).filter(([, installed]) => installed !== version);
    if (others.length > 0) throw new Error(`Expected ${version} of every package, but there is ${others.map((pair) => pair.join("@")).join(", ")}.`);
  }
}

export async function readmeExample() {
  return firstExample(await readFile(join(repository, "README.md"), "utf8"));
}
