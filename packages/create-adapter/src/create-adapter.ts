import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { adapterNames, troubleWithName } from "./adapter-names.js";
import { usualDescription, type Answers } from "./answers.js";
import { ask } from "./ask.js";
import { readCommandLine, usage, type CommandLine } from "./command-line.js";
import { UserError } from "./user-error.js";
import { writePackage } from "./write-package.js";

/** Where the command writes to, and whether somebody is there to answer. */
export interface Surroundings {
  readonly folder: string;
  readonly isInteractive: boolean;
  readonly print: (text: string) => void;
}

/** @throws UserError for what whoever runs it can put right; nothing has been written then. */
export async function createAdapter(args: readonly string[], { folder, isInteractive, print }: Surroundings): Promise<void> {
  const given = readCommandLine(args);
  if (given.help) {
    print(usage);
    return;
  }
  if (given.name !== undefined) checkName(given.name);
  const answers = given.yes || !isInteractive ? withDefaults(given) : await ask(given);
  checkName(answers.name);
  const { packageName } = adapterNames(answers.name);
  const target = resolve(folder, given.folder ?? packageName.replace(/^@.*\//, ""));
  const files = writePackage(fileURLToPath(new URL("../template", import.meta.url)), { ...answers, folder: target, coreVersion: ownVersion(), year: new Date().getFullYear() });
  print(`Wrote ${packageName} (${files.length} files). Next:\n\n  cd ${relative(folder, target) || "."}\n  npm install\n  npm test\n\nThen put your framework into src/engine.ts. README.md says where things are.\n`);
}

function withDefaults({ name, description, author, licence }: CommandLine): Answers {
  if (name === undefined) throw new UserError(`Give the framework's name: npm create bentoml-adapter my-framework.\n\n${usage}`);
  return { name, description: description ?? usualDescription(adapterNames(name).title), author: author ?? "", licence: licence ?? "Apache-2.0" };
}

function checkName(name: string): void {
  const trouble = troubleWithName(name);
  if (trouble !== undefined) throw new UserError(trouble);
}

/** All our packages are released together: what this one is called by is the version of the others. */
function ownVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { readonly version: string };
  return manifest.version;
}
