import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Configuration } from "bentoml-core";
import { repository } from "../repository.mjs";
import { outputOf } from "../run-command.mjs";
import { asHere, freePorts } from "./addresses.mjs";
import { isProgramBlock, isTest, namedFile, programsOf } from "./programs.mjs";
import { copySampleProject, storeIn } from "./sample-project.mjs";
import { variablesOf } from "./shell/page-environment.mjs";
import { stopServers } from "./shell/servers.mjs";
import { inJavaScript } from "./type-check.mjs";

const limitSeconds = 120;
/** Blocks of these show something, and are nothing that could be run. */
const shown = new Set(["", "text"]);

/**
 * Whether anything is done with a block but to read it: a program that is not run is checked for its types.
 *
 * @param {import("./markdown-page.mjs").Block} block
 */
export function isChecked(block) {
  return isProgramBlock(block) || (block.markers.notRun === undefined && !shown.has(block.language));
}

/** A page in a folder of its own, with what its blocks need. */
export class PageRun {
  /** @type {readonly import("./programs.mjs").Program[]} */
  programs;
  #page;
  #folder;
  #variables;
  /** @type {(text: string) => string} */
  #here;

  /**
   * @param {import("./markdown-page.mjs").MarkdownPage} page
   * @param {string} folder
   * @param {import("./addresses.mjs").Ports} ports
   */
  constructor(page, folder, ports) {
    this.#page = page;
    this.#folder = folder;
    this.#here = (text) => asHere(text, folder, ports);
    this.#variables = variablesOf({ project: folder, servers: join(folder, "servers"), store: storeIn(folder), port: String(ports["3000"]), tritonPort: String(ports["8000"]) });
    this.programs = programsOf(page.blocks, this.#here);
  }

  /**
   * Copies the sample project and writes the page's programs into it.
   *
   * @param {import("./markdown-page.mjs").MarkdownPage} page
   * @param {string} sample
   * @param {string} folder
   */
  static async prepare(page, sample, folder) {
    const run = new PageRun(page, folder, await freePorts());
    await copySampleProject(sample, folder);
    await mkdir(join(folder, "servers"));
    for (const { file, text } of run.programs) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), text);
      if (file.endsWith(".ts")) await writeFile(join(folder, inNode(file)), inJavaScript(text));
    }
    return run;
  }

  get path() {
    return this.#page.path;
  }

  /** The programs, for the type check. */
  get files() {
    return this.programs.map((program) => ({ program, path: join(this.#folder, program.file) }));
  }

  /**
   * Runs the blocks one after the other.
   *
   * @param {(block: import("./markdown-page.mjs").Block, error: unknown) => void} settled Told of each; the error is undefined when all is well.
   */
  async runBlocks(settled) {
    for (const block of this.#page.blocks) {
      try {
        await this.#run(block);
        settled(block, undefined);
      } catch (error) {
        settled(block, error);
      }
    }
    await stopServers(this.#variables["DOCS_SERVERS"] ?? "");
  }

  /** @param {import("./markdown-page.mjs").Block} block */
  async #run(block) {
    const { markers, language } = block;
    if (markers.from !== undefined) return checkPart(block, markers.from);
    if (markers.heldBy !== undefined) return checkHolder(block, markers.heldBy);
    if (markers.notRun !== undefined || shown.has(language)) return;
    if (isProgramBlock(block)) return this.#runProgram(block);
    if (language === "sh" || language === "bash") return this.#runCommands(block);
    if (language === "json") return void JSON.parse(block.code);
    if (language === "yaml") return this.#readConfiguration(block);
    throw new Error(`Nothing here runs blocks of ${language}: say above it why it is not run, or what holds it.`);
  }

  /**
   * Runs a program when its last block is reached.
   *
   * @param {import("./markdown-page.mjs").Block} block
   */
  async #runProgram(block) {
    const program = this.programs.find(({ parts }) => parts.at(-1)?.block === block);
    if (program === undefined || isTest(program) || program.parts.some((part) => part.block.markers.notRun !== undefined)) return;
    await outputOf(process.execPath, [inNode(program.file)], this.#where);
  }

  /** @param {import("./markdown-page.mjs").Block} block */
  async #runCommands({ markers, code }) {
    const lines = this.#here(`${markers.given}${code}\n${markers.then}`);
    await outputOf("bash", ["-c", `source "$DOCS_SHELL/prelude.sh"\n${lines}`], this.#where);
  }

  /** @param {import("./markdown-page.mjs").Block} block */
  async #readConfiguration(block) {
    const file = join(this.#folder, namedFile(block) ?? `block-${block.line}.yaml`);
    await writeFile(file, block.code);
    Configuration.load({ file, environment: {} });
  }

  get #where() {
    return { folder: this.#folder, variables: this.#variables, limitSeconds };
  }
}

/** @param {string} file */
function inNode(file) {
  return file.replace(/\.ts$/, ".js");
}

/**
 * @param {import("./markdown-page.mjs").Block} block
 * @param {string} path
 * @throws When the file does not have these lines.
 */
function checkPart({ code }, path) {
  const whole = readFileSync(join(repository, path), "utf8");
  if (!withoutIndentation(whole).includes(withoutIndentation(code))) throw new Error(`These lines are not in ${path}, word for word.`);
}

/** @param {string} text */
function withoutIndentation(text) {
  return text.replace(/^[ \t]+/gm, "").trim();
}

/**
 * @param {import("./markdown-page.mjs").Block} block
 * @param {string} path
 * @throws When there is no such test, or it does not name the page.
 */
function checkHolder({ page }, path) {
  if (!existsSync(join(repository, path))) throw new Error(`There is no ${path}, which should hold this block.`);
  const test = readFileSync(join(repository, path), "utf8");
  // A README is known by its folder.
  const name = basename(page) === "README.md" ? basename(dirname(page)) : basename(page);
  if (!test.includes(name)) throw new Error(`${path} does not name ${name}: does it hold this block?`);
}
