import type { ExportFormat } from "bentoml-core";
import { Option, type Command } from "commander";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";
import { localPath } from "../models/local-path.js";

const formats: readonly ExportFormat[] = ["bentomodel", "tar.gz", "tar", "folder"];

/** `bentoml models export <tag> [path]` */
export function addModelsExportCommand(models: Command, context: CliContext): void {
  models
    .command("export")
    .description("write a model into an archive that Python BentoML opens too")
    .argument("<tag>", "such as digits:latest")
    .argument("[path]", "file or folder to write to", ".")
    .addOption(new Option("--format <format>", "default: by the file's ending, else bentomodel").choices(formats))
    .action(async (tag: string, path: string, { format }: { format?: ExportFormat }, command: Command) => {
      const store = chosenStore(command, context);
      const model = store.get(tag);
      const written = await store.export(model.tag, localPath(path, context.workingFolder), format === undefined ? {} : { format });
      context.stdout.write(`Exported ${model.tag.toString()} to ${written}\n`);
    });
}
