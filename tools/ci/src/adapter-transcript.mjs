import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onNode } from "./node-versions.mjs";
import { asModule, firstExample } from "./readme-example.mjs";
import { outputOf } from "./run-command.mjs";
import { checkScores } from "./served-scores.mjs";
import { withServer } from "./started-server.mjs";

const limitSeconds = 300;

/**
 * From an empty folder to a served model of a framework that nobody has added yet: an adapter is generated, built, tested, packed and
 * published, and somebody else installs it by its name. Prints each command with its seconds. The first commands are those of
 * packages/create-adapter/README.md and docs/write-an-adapter.md.
 *
 * @param {string} folder An empty one.
 * @param {string} node
 * @param {NodeJS.ProcessEnv} variables Those of a registry.
 * @throws When a command fails, an answer is wrong, or all of it takes five minutes or longer.
 */
export async function writeTranscript(folder, node, variables) {
  const author = join(folder, "author");
  const adapter = join(author, "bentoml-my-framework");
  const user = join(folder, "user");
  await Promise.all([author, user].map((path) => mkdir(path, { recursive: true })));
  const shell = new TimedShell(onNode(node, { ...variables, BENTOML_HOME: join(folder, "store") }));
  await shell.run(author, "npm create bentoml-adapter my-framework -- --yes");
  await shell.run(adapter, "npm install");
  await shell.run(adapter, "npm run build");
  await shell.run(adapter, "npm test");
  await shell.run(adapter, "npm run check-package");
  await shell.run(adapter, "npm pack");
  await shell.run(adapter, "npm publish");
  await shell.run(user, "npm init --yes");
  await shell.run(user, "npm install bentoml bentoml-core bentoml-my-framework");
  await writeFile(join(user, "example.mjs"), asModule(firstExample(await readFile(join(adapter, "README.md"), "utf8"))));
  await shell.run(user, "node example.mjs");
  await shell.serve(user, "npx bentoml serve scores:latest --port 0", checkScores);
  console.log(`${shell.seconds.toFixed(1)} s from nothing to an answer over HTTP`);
  if (shell.seconds >= limitSeconds) throw new Error(`It took ${shell.seconds.toFixed(1)} s; fewer than ${limitSeconds} were expected.`);
}

/** Runs one command after the other, as somebody types them. */
class TimedShell {
  #variables;
  seconds = 0;

  /** @param {NodeJS.ProcessEnv} variables */
  constructor(variables) {
    this.#variables = variables;
  }

  /**
   * @param {string} folder
   * @param {string} line
   */
  run(folder, line) {
    const [command = "", ...parameters] = line.split(" ");
    return this.#timed(line, () => outputOf(command, parameters, { folder, variables: this.#variables, limitSeconds }));
  }

  /**
   * Runs a server while `use` uses it.
   *
   * @param {string} folder
   * @param {string} line
   * @param {(url: string) => Promise<void>} use
   */
  serve(folder, line, use) {
    const [command = "", ...parameters] = line.split(" ");
    return this.#timed(line, () => withServer([command, ...parameters], { folder, variables: this.#variables }, use));
  }

  /**
   * @param {string} line
   * @param {() => Promise<unknown>} run
   */
  async #timed(line, run) {
    const begun = performance.now();
    await run();
    const seconds = (performance.now() - begun) / 1000;
    this.seconds += seconds;
    console.log(`${seconds.toFixed(1).padStart(6)} s  $ ${line}`);
  }
}
