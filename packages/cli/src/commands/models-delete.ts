import { InvalidArgumentError, InvalidModelError, ModelNotFoundError, Tag, type ModelStore } from "bentoml-core";
import type { Command } from "commander";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";

/** `bentoml models delete <tag…>` */
export function addModelsDeleteCommand(models: Command, context: CliContext): void {
  models
    .command("delete")
    .description("delete models from the store")
    .argument("<tag...>", "such as digits:v1; a name without a version stands for all of its versions")
    .option("-y, --yes", "do not ask")
    .action(async (texts: string[], { yes = false }: { yes?: boolean }, command: Command) => {
      const store = chosenStore(command, context);
      const given = texts.flatMap((text) => text.split(/[\s,]+/)).filter((text) => text !== "");
      // All of them are looked up before the first is deleted.
      const doomed = [...new Set(given.flatMap((text) => tagsMeantBy(text, store)))];
      if (!yes && !(await isConfirmed(doomed, context))) {
        context.stdout.write("Nothing was deleted.\n");
        return;
      }
      for (const tag of doomed) {
        store.delete(tag);
        context.stdout.write(`Deleted ${tag}\n`);
      }
    });
}

/** Throws ModelNotFoundError; also for the beginning of a version, which is enough elsewhere but too little to delete by. */
function tagsMeantBy(text: string, store: ModelStore): string[] {
  const wanted = Tag.parse(text);
  if (wanted.version === undefined) return store.list(wanted).map(({ tag }) => tag.toString());
  try {
    const { tag } = store.get(wanted);
    if (wanted.isLatest || tag.version === wanted.version) return [tag.toString()];
    throw new ModelNotFoundError(`No model is called ${text}. To delete ${tag.toString()}, write its tag in full.`);
  } catch (error) {
    // A model that cannot be read is one that people want to be rid of.
    if (error instanceof InvalidModelError) return [wanted.toString()];
    throw error;
  }
}

async function isConfirmed(doomed: readonly string[], { ask, stdout }: CliContext): Promise<boolean> {
  const count = doomed.length === 1 ? "1 model" : `${doomed.length} models`;
  if (ask === undefined) {
    throw new InvalidArgumentError(`Nobody is at the terminal to confirm that ${count} may be deleted: say so with --yes.`);
  }
  for (const tag of doomed) stdout.write(`  ${tag}\n`);
  const answer = await ask(`Delete ${count}? [y/N] `);
  return /^y(es)?$/i.test(answer.trim());
}
