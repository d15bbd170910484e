import { resolve } from "node:path";
import type { Command } from "commander";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";

/** `bentoml models export <tag> [path]` */
export function addModelsExportCommand(models: Command, context: CliContext): void {
  models
    .command("export")
    .description("write a model into an archive that Python BentoML opens too")
    .argument("<tag>", "such as digits:latest")
    .argument("[path]", "file or folder to write to", ".")
    .action(async (tag: string, path: string, _options: object, command: Command) => {
      const store = chosenStore(command, context);
      const model = store.get(tag);
      const written = await store.export(model.tag, resolve(context.workingFolder, path));
      context.stdout.write(`Exported ${model.tag.toString()} to ${written}\n`);
    });
}
