import { readFileSync } from "node:fs";
import { Option, type Command } from "commander";
import { chosenStore } from "../chosen-store.js";
import type { CliContext } from "../cli-context.js";
import { modelInfoJson } from "../models/model-info-json.js";

/** `bentoml models get <tag>` */
export function addModelsGetCommand(models: Command, context: CliContext): void {
  models
    .command("get")
    .description("print what the store knows of a model")
    .argument("<tag>", "such as digits:latest")
    .addOption(
      new Option("-o, --output <format>", "yaml: its model.yaml as it is; path: its folder")
        .choices(["json", "yaml", "path"])
        .default("yaml"),
    )
    .action((tag: string, { output }: { output: "json" | "yaml" | "path" }, command: Command) => {
      const model = chosenStore(command, context).get(tag);
      const write = (text: string): unknown => context.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
      if (output === "path") write(model.path);
      else if (output === "json") write(modelInfoJson(model.info));
      else write(readFileSync(model.pathOf("model.yaml"), "utf8"));
    });
}
