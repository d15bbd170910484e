import { parseArgs } from "node:util";
import { isLicence, licences, type Licence } from "./licence.js";
import { UserError } from "./user-error.js";

export const usage = `Usage: npm create bentoml-adapter [name] -- [options]

Writes a complete package that adds a framework to bentoml for Node.js.

  --folder <path>         where it goes (default: the package's name)
  --description <text>    one sentence
  --author <text>         for package.json and the licence
  --licence <name>        ${licences.join(" or ")} (default: Apache-2.0)
  --yes                   ask nothing, take the defaults
  --help                  show this
`;

/** What was given; what was not will be asked for. */
export interface CommandLine {
  readonly name: string | undefined;
  readonly folder: string | undefined;
  readonly description: string | undefined;
  readonly author: string | undefined;
  readonly licence: Licence | undefined;
  readonly yes: boolean;
  readonly help: boolean;
}

/** @throws UserError for what it does not understand. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  const { licence, yes = false, help = false } = values;
  if (positionals.length > 1) throw new UserError(`Give one name, not ${positionals.length}: ${positionals.join(" ")}.`);
  if (licence !== undefined && !isLicence(licence)) throw new UserError(`--licence is "${licence}": it must be ${licences.join(" or ")}.`);
  return { name: positionals[0], folder: values.folder, description: values.description, author: values.author, licence, yes, help };
}

function parse(args: readonly string[]): ReturnType<typeof parsed> {
  try {
    return parsed(args);
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${usage}`);
  }
}

function parsed(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  return parseArgs({ args: [...args], allowPositionals: true, options: { folder: text, description: text, author: text, licence: text, yes: flag, help: flag } });
}
