import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What a copy of bentoml-core calls itself. */
export interface CopiedRelease {
  readonly version: string;
  /** Of what copies share; default that of the sources. */
  readonly contract?: number;
}

/** What each step of a program of `fixtures/core-copies` gave. */
export type StepAnswers = Readonly<Record<string, unknown>>;

const FIXTURES = fileURLToPath(new URL("../fixtures/core-copies", import.meta.url));
const BUILT = fileURLToPath(new URL("../../../packages", import.meta.url));
const CONTRACT = /\bCOPIES_CONTRACT = \d+;/;

/** A program as npm lays it out, with real copies of the built packages. It lies below this project, whose other packages it finds above itself. */
export class ProgramTree {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  /** With one bentoml-core for all, or, where `nested` is given, with a second one in the adapter's own node_modules. */
  static layOut(nested: CopiedRelease | undefined): ProgramTree {
    const parent = fileURLToPath(new URL("../tmp", import.meta.url));
    mkdirSync(parent, { recursive: true });
    const root = mkdtempSync(join(parent, "copies-"));
    const tree = new ProgramTree(root);
    const modules = join(root, "node_modules");
    copyBuilt("core", join(modules, "bentoml-core"), undefined);
    copyBuilt("server", join(modules, "bentoml-server"), undefined);
    const adapter = join(modules, "bentoml-grids");
    for (const file of ["adapter.mjs", "grid.mjs", "runnable.mjs"]) cpSync(join(FIXTURES, file), join(adapter, file));
    for (const file of ["program.mjs", "misfits.mjs", "own-runnable.mjs"]) cpSync(join(FIXTURES, file), join(root, file));
    writeFileSync(join(adapter, "package.json"), JSON.stringify({ name: "bentoml-grids", version: "1.0.0", type: "module", exports: "./adapter.mjs", bentoml: { adapter: "v1" } }));
    if (nested !== undefined) copyBuilt("core", join(adapter, "node_modules", "bentoml-core"), nested);
    return tree;
  }

  get folder(): string {
    return this.#root;
  }

  /** Runs one of its programs to the end. */
  run(program: "program" | "misfits"): StepAnswers {
    const environment = { ...process.env, NODE_OPTIONS: "", BENTOML_CONFIG: "", BENTOML_CONFIG_OPTIONS: "" };
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(this.#root, `${program}.mjs`), join(this.#root, "store")], { encoding: "utf8", env: environment });
    if (status !== 0) throw new Error(`The program ended with ${String(status)}: ${stderr}`);
    return JSON.parse(stdout) as StepAnswers;
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }
}

function copyBuilt(name: string, to: string, release: CopiedRelease | undefined): void {
  const from = join(BUILT, name);
  cpSync(join(from, "dist"), join(to, "dist"), { recursive: true });
  const ownModules = join(from, "node_modules");
  if (existsSync(ownModules)) symlinkSync(ownModules, join(to, "node_modules"), "junction");
  const manifest = JSON.parse(readFileSync(join(from, "package.json"), "utf8")) as { version: string };
  writeFileSync(join(to, "package.json"), JSON.stringify({ ...manifest, version: release?.version ?? manifest.version }));
  if (release?.contract !== undefined) raiseContract(join(to, "dist"), release.contract);
}

/** As a later release would have it. */
function raiseContract(folder: string, contract: number): void {
  const holders = readdirSync(folder).filter((file) => file.endsWith(".js") && CONTRACT.test(readFileSync(join(folder, file), "utf8")));
  if (holders.length === 0) throw new Error(`No file of ${folder} has ${String(CONTRACT)}.`);
  for (const file of holders) {
    const path = join(folder, file);
    writeFileSync(path, readFileSync(path, "utf8").replace(CONTRACT, `COPIES_CONTRACT = ${String(contract)};`));
  }
}
