import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";

/** What stands in the package.json of every adapter here. */
const MANIFEST = {
  name: "bentoml-linear",
  version: "1.0.0",
  type: "module",
  exports: "./index.js",
  bentoml: { adapter: "v1", pythonModules: ["bentoml.linear"] },
  peerDependencies: { "bentoml-core": ">=0.1.0 <1.0.0", "linear-engine": "*" },
};

const ENGINE = "exports.addScaled = (into, values, factor) => { for (let i = 0; i < into.length; i++) into[i] += factor * values[i]; };\n";

/** Adapters as packages that worker threads and child processes can import: those of this folder, built. */
export class BuiltAdapters {
  private constructor(readonly root: string) {}

  /** They lie below this project, so that they use its bentoml-core. */
  static async build(): Promise<BuiltAdapters> {
    const sources = dirname(fileURLToPath(import.meta.url));
    const parent = join(sources, "..", "..", "tmp");
    await mkdir(parent, { recursive: true });
    const built = new BuiltAdapters(await mkdtemp(join(parent, "adapters-")));
    await built.#write("node_modules/linear-engine/package.json", JSON.stringify({ name: "linear-engine", version: "1.0.0", main: "index.js" }));
    await built.#write("node_modules/linear-engine/index.js", ENGINE);
    await built.#write("node_modules/adapters/package.json", JSON.stringify({ name: "adapters", type: "module" }));
    for (const folder of ["reference", "broken"]) await built.#compile(join(sources, folder), join("node_modules", "adapters", folder));
    return built;
  }

  /** Installs one of them as a package of its own; answers the package's folder. */
  async install(module: string, manifest: object = {}, exported: string = "get, saveModel, loadModel"): Promise<string> {
    const folder = join("packages", module.replaceAll("/", "-"));
    await this.#write(join(folder, "package.json"), JSON.stringify({ ...MANIFEST, ...manifest }));
    const source = `import { adapter } from ${JSON.stringify(this.urlOf(module))};\nexport { adapter };\nexport const { ${exported} } = adapter;\n`;
    await this.#write(join(folder, "index.js"), source);
    return join(this.root, folder);
  }

  /** Of `reference/index` or `broken/<name>`. */
  urlOf(module: string): string {
    return pathToFileURL(join(this.root, "node_modules", "adapters", `${module}.js`)).href;
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }

  async #compile(from: string, to: string): Promise<void> {
    for (const file of await readdir(from)) {
      const { outputText } = ts.transpileModule(await readFile(join(from, file), "utf8"), {
        fileName: file,
        compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
      });
      await this.#write(join(to, file.replace(/\.ts$/, ".js")), outputText);
    }
  }

  async #write(path: string, text: string): Promise<void> {
    const file = join(this.root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
