import { InvalidArgumentError, Tag, type ModelStore } from "bentoml-core";
import type { Command } from "commander";
import { loadAdapter } from "../adapters/load-adapter.js";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";
import { localPath } from "../models/local-path.js";
import { KNOWN_MODELS, moduleOfModel } from "../models/module-of-model.js";

const examples = `
Examples:
  bentoml models import digits-v1.bentomodel
  bentoml models import digits.onnx --name digits
  bentoml models import web-model/model.json --name mnist:v1
`;

/** `bentoml models import <path>` */
export function addModelsImportCommand(models: Command, context: CliContext): void {
  models
    .command("import")
    .description("take a model into the store")
    .argument("<path>", `an archive or a folder of a saved model; or ${KNOWN_MODELS}`)
    .option("--name <tag>", "name for a model that no store has saved: with or without a version")
    .addHelpText("after", examples)
    .action(async (path: string, { name }: { name?: string }, command: Command) => {
      const store = chosenStore(command, context);
      const file = localPath(path, context.workingFolder);
      const module = moduleOfModel(file);
      const { tag } =
        module === undefined
          ? await importSavedModel(file, name, store)
          : await saveNewModel(module, file, name, store, context.workingFolder);
      context.stdout.write(`Imported ${tag.toString()}\n`);
    });
}

function importSavedModel(path: string, name: string | undefined, store: ModelStore): Promise<{ readonly tag: Tag }> {
  if (name === undefined) return store.import(path);
  throw new InvalidArgumentError(`--name is for ${KNOWN_MODELS}, and ${path} is none. A model that a store has saved brings its own name with it: leave out "--name ${name}".`);
}

/** The adapter for models of this kind saves it. */
async function saveNewModel(
  module: string,
  file: string,
  name: string | undefined,
  store: ModelStore,
  workingFolder: string,
): Promise<{ readonly tag: Tag }> {
  if (name === undefined) throw new InvalidArgumentError(`${file} says nothing about its name: give it one, such as "--name digits".`);
  const { name: modelName, version = "latest" } = Tag.parse(name);
  const { saveModel } = await loadAdapter({ name: modelName, version, module, adapter: undefined }, workingFolder);
  if (saveModel === undefined) throw new InvalidArgumentError(`The adapter for "${module}" cannot save models.`);
  return saveModel(name, file, { store });
}
