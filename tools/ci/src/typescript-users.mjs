import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digitsModel } from "./digits.mjs";
import { onNode } from "./node-versions.mjs";
import { outputOf } from "./run-command.mjs";
import { readmeExample } from "./user-project.mjs";

/** The packages of ours that have types, each with what it takes its own types from. */
const typedPackages = {
  bentoml: [],
  "bentoml-adapter-testkit": [],
  "bentoml-core": [],
  "bentoml-danfo-dataframes": [],
  "bentoml-onnx": ["onnxruntime-node"],
  "bentoml-server": [],
  "bentoml-sharp-images": ["sharp"],
  "bentoml-tfjs": ["@tensorflow/tfjs-core@4", "@tensorflow/tfjs-converter@4", "@tensorflow/tfjs-layers@4"],
  "bentoml-triton-http": [],
};

export const typedNames = /** @type {(keyof typeof typedPackages)[]} */ (Object.keys(typedPackages));

/** From this one on, `require` of an ES module has types. */
const requireFrom = 5.8;

/** A project in TypeScript, an ES module, that uses packages of ours. */
export class TypedProject {
  #folder;
  #node;
  #where;

  /**
   * @param {string} folder
   * @param {string} node
   * @param {NodeJS.ProcessEnv} variables Those of a registry.
   */
  constructor(folder, node, variables) {
    this.#folder = folder;
    this.#node = node;
    this.#where = { folder, variables: onNode(node, { ...variables, BENTOML_HOME: join(folder, "store") }), limitSeconds: 300 };
  }

  /**
   * Does what README says before its example, and writes the example and a use of every package.
   *
   * @param {typeof typedNames} packages
   * @param {readonly string[]} compilers Versions of TypeScript, such as "5.9".
   */
  async make(packages, compilers) {
    await mkdir(this.#folder, { recursive: true });
    await this.#write("package.json", JSON.stringify({ name: "a-typed-project", private: true, type: "module" }));
    const aliases = compilers.map((version) => `${aliasOf(version)}@npm:typescript@${version}`);
    const theirs = packages.flatMap((name) => typedPackages[name]);
    await outputOf("npm", ["install", ...packages, ...theirs, "@types/node", ...aliases], this.#where);
    await copyFile(digitsModel, join(this.#folder, "digits.onnx"));
    await outputOf("npx", ["bentoml", "models", "import", "digits.onnx", "--name", "digits"], this.#where);
    await outputOf("npx", ["bentoml", "types"], this.#where);
    await this.#write("example.ts", await readmeExample());
    const use = packages.map((_name, index) => `void package${index};\n`).join("");
    await this.#write("packages.ts", packages.map((name, index) => `import * as package${index} from "${name}";\n`).join("") + use);
    await this.#write("packages.cts", packages.map((name, index) => `import package${index} = require("${name}");\n`).join("") + use);
  }

  /**
   * Compiles it in each way that the compiler has, and checks the declarations of our packages as well.
   *
   * @param {string} version Of TypeScript.
   * @returns {Promise<string[]>} The ways.
   * @throws With what the compiler says of the project and of our packages.
   */
  async compile(version) {
    const imports = ["example.ts", "packages.ts", "bentoml-models.d.ts"];
    const ways = [
      { name: "import, nodenext", options: { module: "nodenext", moduleResolution: "nodenext" }, files: imports },
      { name: "import, bundler", options: { module: "esnext", moduleResolution: "bundler" }, files: imports },
      ...(Number(version) < requireFrom ? [] : [{ name: "require, nodenext", options: { module: "nodenext", moduleResolution: "nodenext" }, files: ["packages.cts"] }]),
    ];
    for (const { name, options, files } of ways) {
      const errors = await this.#errorsWith(version, { ...options, target: "es2022", lib: ["es2022", "esnext.disposable", "dom"], types: ["node"], strict: true, noEmit: true, skipLibCheck: false }, files);
      if (errors.length > 0) throw new Error(`TypeScript ${version}, ${name}:\n${errors.join("\n")}`);
    }
    return ways.map(({ name }) => name);
  }

  /**
   * @param {string} version
   * @param {object} compilerOptions
   * @param {readonly string[]} files
   */
  async #errorsWith(version, compilerOptions, files) {
    const configuration = `tsconfig.${version}.json`;
    await this.#write(configuration, JSON.stringify({ compilerOptions, files }));
    const compiler = join("node_modules", aliasOf(version), "bin", "tsc");
    const compiled = outputOf(this.#node, [compiler, "--project", configuration, "--pretty", "false"], this.#where);
    return compiled.then(
      () => [],
      (/** @type {Error} */ { message }) => errorsOfOurs(message),
    );
  }

  /**
   * @param {string} file
   * @param {string} text
   */
  async #write(file, text) {
    await writeFile(join(this.#folder, file), text);
  }
}

/**
 * What a compiler said, without what it said of other people's packages.
 *
 * @param {string} output
 * @returns {string[]} All of it when there is no error in it that a compiler would print.
 */
export function errorsOfOurs(output) {
  const lines = output.split("\n").filter((line) => /error TS\d+/.test(line));
  return lines.length === 0 ? [output] : lines.filter((line) => !/^node_modules\/(?!bentoml)/.test(line));
}

/** @param {string} version */
function aliasOf(version) {
  return `typescript-${version}`;
}
