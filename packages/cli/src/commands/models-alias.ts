import { InvalidArgumentError, type ModelStore } from "bentoml-core";
import type { Command } from "commander";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";
import { stylesFor } from "../styles.js";
import { renderTable } from "../table.js";

const examples = `
Examples:
  bentoml models alias                               list the aliases
  bentoml models alias digits:production digits:v3   digits:production is digits:v3 from now on
  bentoml models alias --remove digits:production
`;

/** `bentoml models alias [alias] [tag]` */
export function addModelsAliasCommand(models: Command, context: CliContext): void {
  models
    .command("alias")
    .description("list the aliases of models, or set or remove one")
    .argument("[alias]", "such as digits:production")
    .argument("[tag]", "the model that it is to stand for; it stays with that one until it is set again")
    .option("--remove", "remove the alias; the model stays")
    .addHelpText("after", examples)
    .action((alias: string | undefined, tag: string | undefined, { remove = false }: { remove?: boolean }, command: Command) => {
      context.stdout.write(answerTo({ alias, tag, remove }, chosenStore(command, context), context));
    });
}

interface Request {
  readonly alias: string | undefined;
  readonly tag: string | undefined;
  readonly remove: boolean;
}

function answerTo({ alias, tag, remove }: Request, store: ModelStore, context: CliContext): string {
  if (remove) {
    if (alias === undefined || tag !== undefined) throw new InvalidArgumentError("Give the one alias to remove, such as: --remove digits:production");
    return `Removed ${store.removeAlias(alias).alias.toString()}\n`;
  }
  if (alias === undefined) return renderAliases(store, context);
  if (tag === undefined) throw new InvalidArgumentError(`Give the tag that ${alias} is to stand for, such as: bentoml models alias ${alias} <tag>`);
  const set = store.setAlias(alias, tag);
  return `${set.alias.toString()} is ${set.tag.toString()}\n`;
}

function renderAliases(store: ModelStore, { stdout, environment }: CliContext): string {
  const rows = store.aliases().map(({ alias, tag }) => [alias.toString(), tag.toString()]);
  return renderTable(["Alias", "Tag"], rows, { styleHeader: stylesFor(stdout, environment).bold });
}
